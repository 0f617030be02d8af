import numpy as np


def reduce_backward(dout, X, axis, op):
    dX = np.zeros(X.shape)
    moved, gradient = np.moveaxis(X, axis, -1), np.moveaxis(dX, axis, -1)
    for index in np.ndindex(moved.shape[:-1]):
        line = moved[index]
        for k, entry in enumerate(line):
            if op == "max":
                gradient[index + (k,)] = np.asarray(dout)[index] if entry == max(line) else 0
            else:
                gradient[index + (k,)] = np.asarray(dout)[index] / (len(line) if op == "mean" else 1)
    return dX
