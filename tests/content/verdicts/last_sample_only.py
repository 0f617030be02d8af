# exercise: linear_backward
# points: 5
# told: +=
import numpy as np


def linear_backward(dout, X, W, b):
    for d, x in zip(dout, X):
        dW, db = np.outer(x, d), d
    return dout @ W.T, dW, db
