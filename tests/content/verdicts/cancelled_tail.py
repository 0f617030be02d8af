# exercise: sigmoid_stable
# points: 4
# told: digits
import numpy as np


def sigmoid_stable(z):
    s = 1 / (1 + np.exp(-np.abs(z)))
    return np.where(z >= 0, s, 1 - s)
