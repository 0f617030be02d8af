"""einsum; the answer is a list."""

import numpy as np


def linear_backward(dout, X, W, b):
    return [np.einsum("nh,dh->nd", dout, W), np.einsum("nd,nh->dh", X, dout), np.einsum("nh->h", dout)]
