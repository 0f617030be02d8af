import numpy as np


def reduce_backward(dout, X, axis, op):
    weights = {"sum": lambda: 1, "mean": lambda: 1 / X.shape[axis], "max": lambda: X >= X.max(axis, keepdims=True)}[op]()
    shape = list(X.shape)
    shape[axis] = 1
    # A view that cannot be written to, then nested lists.
    return np.broadcast_to(np.reshape(dout, shape), X.shape).__mul__(weights).tolist()
