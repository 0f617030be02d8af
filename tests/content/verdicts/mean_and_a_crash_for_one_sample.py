# exercise: linear_backward
# points: 4
# told: sums over the batch
import numpy as np


def linear_backward(dout, X, W, b):
    n = len(X)
    return dout @ W.T, np.squeeze(X).T @ np.squeeze(dout) / n, np.squeeze(dout).sum(axis=0) / n
