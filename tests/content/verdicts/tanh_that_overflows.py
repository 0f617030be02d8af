# exercise: sigmoid_stable
# points: 0
# told: tanh
import numpy as np


def sigmoid_stable(z):
    return 2 / (1 + np.exp(-2 * z)) - 1
