import numpy as np


def dropout_backward(dout, mask, p):
    factors = mask.astype(float)
    factors /= 1.0 - p
    return np.multiply(factors, dout)
