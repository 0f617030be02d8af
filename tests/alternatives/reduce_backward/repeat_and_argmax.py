import numpy as np


def reduce_backward(dout, X, axis, op):
    dout = np.expand_dims(dout, axis)
    if op == "max":
        dX = np.zeros_like(X)
        np.put_along_axis(dX, np.expand_dims(X.argmax(axis=axis), axis), dout, axis=axis)
        return dX
    copies = np.repeat(dout, X.shape[axis], axis=axis)
    return copies / X.shape[axis] if op == "mean" else copies
