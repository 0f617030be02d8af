import numpy as np


def unbroadcast(grad, shape):
    added = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(added)))
    return grad.sum(axis=tuple(i for i in range(len(shape)) if shape[i] == 1))
