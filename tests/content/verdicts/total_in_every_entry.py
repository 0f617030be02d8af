# exercise: linear_backward
# points: 8.75
# told: every entry
import numpy as np


def linear_backward(dout, X, W, b):
    db = np.zeros_like(b)
    db[...] = dout.sum()
    return dout @ W.T, X.T @ dout, db
