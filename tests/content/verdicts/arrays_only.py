# exercise: sigmoid_stable
# points: 4
# told: float
import numpy as np


def sigmoid_stable(z):
    out = np.empty_like(z)
    up = z >= 0
    out[up] = 1 / (1 + np.exp(-z[up]))
    e = np.exp(z[~up])
    out[~up] = e / (1 + e)
    return out
