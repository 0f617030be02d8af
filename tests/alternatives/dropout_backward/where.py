import numpy as np


def dropout_backward(dout, mask, p):
    kept = 1.0 - p
    return np.where(mask, np.divide(dout, kept), 0.0)
