import numpy as np


def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis in range(len(shape)):
        if grad.shape[axis] != shape[axis]:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad
