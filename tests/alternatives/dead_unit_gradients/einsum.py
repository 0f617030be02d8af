"""By einsum, with the largest pre-activation of each unit; a dict."""

import numpy as np


def dead_unit_gradients(dout, X, W, b):
    Z = np.einsum("nd,dh->nh", X, W) + b
    gate = np.heaviside(Z, 0.0)
    dW = np.einsum("nd,nh,nh->dh", X, dout, gate)
    db = np.einsum("nh,nh->h", dout, gate)
    return {"dW": dW, "db": db, "frozen": Z.max(axis=0) <= 0}
