# exercise: numerical_gradient
# points: 0
# told: from x to x + h
import numpy as np


def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    out = np.zeros(at.shape)
    for i in np.ndindex(at.shape):
        e = np.zeros(at.shape)
        e[i] = 1e-6
        out[i] = (f(at + e) - f(at)) / 1e-6
    return out
