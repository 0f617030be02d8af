import numpy as np


def reduce_backward(dout, X, axis, op):
    dX = np.repeat(np.expand_dims(dout, axis), X.shape[axis], axis=axis)
    return dX / X.shape[axis] if op == "mean" else dX
