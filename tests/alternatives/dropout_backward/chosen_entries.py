import numpy as np


def dropout_backward(dout, mask, p):
    dx = np.zeros_like(dout)
    rows, columns = np.nonzero(mask)
    dx[rows, columns] = dout[rows, columns] * (1 / (1 - p))
    return dx
