"""Adds each entry of the gradient to the entry of the operand that it came from."""

import numpy as np


def unbroadcast(grad, shape):
    size = int(np.prod(shape))
    source = np.broadcast_to(np.arange(size).reshape(shape), grad.shape)
    total = np.zeros(size)
    np.add.at(total, source.ravel(), grad.ravel())
    return total.reshape(shape)
