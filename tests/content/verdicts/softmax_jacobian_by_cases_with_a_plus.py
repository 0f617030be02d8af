# exercise: softmax_jacobian
# points: 0
# told: entries beside it have the wrong sign
import numpy as np


def softmax_jacobian(z):
    p = np.exp(z - np.max(z))
    p = p / np.sum(p)
    J = np.zeros((len(z), len(z)))
    for i in range(len(z)):
        for j in range(len(z)):
            J[i, j] = p[i] * (1 - p[i]) if i == j else p[i] * p[j]
    return J
