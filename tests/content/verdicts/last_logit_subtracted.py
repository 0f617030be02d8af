# exercise: softmax_jacobian
# points: 6
# told: nan or inf
import numpy as np


def softmax_jacobian(z):
    e = np.exp(z - z[-1])
    p = e / e.sum()
    return np.diag(p) - np.outer(p, p)
