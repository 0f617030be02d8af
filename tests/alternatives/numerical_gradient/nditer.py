"""numpy's iterator, and a mean of both one-sided slopes."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    iterator = np.nditer(x, flags=["multi_index"])
    middle = f(x.astype(float))
    for _ in iterator:
        index = iterator.multi_index
        right, left = x.astype(float), x.astype(float)
        right[index] += h
        left[index] -= h
        gradient[index] = ((f(right) - middle) / h + (middle - f(left)) / h) / 2
    return gradient
