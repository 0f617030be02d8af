# exercise: batchnorm_backward
# points: 2.5
# told: for constants|in training
import numpy as np


def batchnorm_backward(dout, X, gamma, eps):
    mean, var = X.mean(axis=0), X.var(axis=0)
    Z = (X - mean) / np.sqrt(var + eps)
    return gamma * dout / np.sqrt(var + eps), (dout * Z).sum(axis=0), dout.sum(axis=0)
