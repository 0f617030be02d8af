# exercise: layernorm_backward
# points: 4
# told: In the part of the mean|dgamma, dbeta are right, dX is wrong
import numpy as np


def layernorm_backward(dout, X, gamma, eps):
    N, D = X.shape
    mu = X.mean(axis=1, keepdims=True)
    var = X.var(axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = (X - mu) / std
    dxhat = dout * gamma
    dvar = np.sum(dxhat * (X - mu), axis=1, keepdims=True) * -0.5 * (var + eps) ** -1.5
    dmu = np.sum(-dxhat / std, axis=1, keepdims=True)
    dX = dxhat / std + dvar * 2 * (X - mu) / D + dmu
    return dX, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)
