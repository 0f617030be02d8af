import numpy as np


def reduce_backward(dout, X, axis, op):
    rows = np.moveaxis(X, axis, -1)
    dX = np.empty(rows.shape)
    for i in np.ndindex(*rows.shape[:-1]):
        up = np.asarray(dout)[i]
        if op == "max":
            dX[i] = 0
            dX[i][rows[i].argmax()] = up
        else:
            dX[i] = up if op == "sum" else up / rows.shape[-1]
    return np.moveaxis(dX, -1, axis)
