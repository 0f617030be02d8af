"""One sum over all axes, and the shape put right afterwards."""

import numpy as np


def unbroadcast(grad, shape):
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i, (g, s) in enumerate(zip(grad.shape, padded)) if s != g)
    return np.sum(grad, axis=axes).reshape(shape)
