"""The sum over the batch as a product with ones; float32."""

import numpy as np


def linear_backward(dout, X, W, b):
    dout, X, W = (np.asarray(each, dtype=np.float32) for each in (dout, X, W))
    return (W @ dout.T).T, (dout.T @ X).T, np.ones(len(dout), dtype=np.float32) @ dout
