import numpy as np


def batchnorm_backward(dout, X, gamma, eps):
    """One node of the graph after the other, as in the lectures."""
    N = X.shape[0]
    mu = 1 / N * np.sum(X, axis=0)
    xmu = X - mu
    sq = xmu**2
    var = 1 / N * np.sum(sq, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1 / sqrtvar
    xhat = xmu * ivar

    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1 / sqrtvar**2 * divar
    dvar = 0.5 / np.sqrt(var + eps) * dsqrtvar
    dsq = 1 / N * np.ones_like(sq) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dx1, axis=0)
    dx2 = 1 / N * np.ones_like(dx1) * dmu
    return dx1 + dx2, dgamma, dbeta
