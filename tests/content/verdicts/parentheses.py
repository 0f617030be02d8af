# exercise: sigmoid_stable
# points: 0
# told: parentheses
import numpy as np


def sigmoid_stable(z):
    return 1 / 1 + np.exp(-z)
