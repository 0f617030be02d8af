# exercise: softmax_jacobian
# points: 0
# told: shape
import numpy as np


def softmax_jacobian(z):
    p = np.exp(z - z.max())
    p /= p.sum()
    return p - p.mean()
