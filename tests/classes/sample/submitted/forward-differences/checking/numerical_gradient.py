import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, float)
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        moved = x.copy()
        moved[i] += h
        grad[i] = (f(moved) - f(x)) / h
    return grad
