# exercise: batchnorm_backward
# points: 2.5
# told: has come through gamma
import numpy as np


def batchnorm_backward(dout, X, gamma, eps):
    mu = X.mean(axis=0)
    var = X.var(axis=0)
    s = np.sqrt(var + eps)
    Z = (X - mu) / s
    dX = (dout * gamma - dout.mean(axis=0) - Z * (dout * Z).mean(axis=0)) / s
    return dX, (dout * Z).sum(axis=0), dout.sum(axis=0)
