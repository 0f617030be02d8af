# exercise: batchnorm_backward
# points: 1.25
# told: root of a sum is taken once
import numpy as np


def batchnorm_backward(dout, X, gamma, eps):
    sd = X.std(axis=0) + np.sqrt(eps)
    Z = (X - X.mean(0)) / sd
    dZ = dout * gamma
    return (dZ - dZ.mean(0) - Z * (dZ * Z).mean(0)) / sd, (dout * Z).sum(0), dout.sum(0)
