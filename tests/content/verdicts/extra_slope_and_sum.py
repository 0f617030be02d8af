# exercise: softmax_xent_grad
# points: 0
# told: no further factor|a sum where a mean is asked
import numpy as np


def softmax_xent_grad(Z, y):
    p = np.exp(Z - Z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return (p - np.eye(Z.shape[1])[y]) * p * (1 - p)
