# exercise: softmax_jacobian
# points: 0
# told: logits
import numpy as np


def softmax_jacobian(z):
    p = np.exp(z - z.max())
    p /= p.sum()
    return np.diag(p) - np.outer(p, z)
