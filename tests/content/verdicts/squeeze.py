# exercise: sigmoid_jacobian
# points: 7
# told: shape
import numpy as np


def sigmoid_jacobian(z):
    e = np.exp(-np.abs(z))
    return np.diag((e / (1 + e) ** 2).squeeze())
