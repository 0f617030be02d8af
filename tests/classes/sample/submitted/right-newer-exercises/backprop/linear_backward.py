import numpy as np


def linear_backward(dout, X, W, b):
    dX = np.einsum("nh,dh->nd", dout, W)
    dW = np.einsum("nd,nh->dh", X, dout)
    return {"dX": dX, "dW": dW, "db": dout.sum(0)}
