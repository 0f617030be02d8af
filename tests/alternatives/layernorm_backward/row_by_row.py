import numpy as np


def layernorm_backward(dout, X, gamma, eps):
    """Every path by itself, one row after the other."""
    N, D = X.shape
    dX, dgamma, dbeta = np.zeros((N, D)), np.zeros(D), np.zeros(D)
    for x, g, dx in zip(X, dout, dX):
        mean, var = np.mean(x), np.var(x)
        z = (x - mean) * (var + eps) ** -0.5
        dgamma += g * z
        dbeta += g
        dz = g * gamma
        dvar = np.sum(dz * (x - mean)) * -0.5 * (var + eps) ** -1.5
        dmean = -np.sum(dz) * (var + eps) ** -0.5
        dx[:] = dz * (var + eps) ** -0.5 + dvar * 2 * (x - mean) / D + dmean / D
    return dX, dgamma, dbeta
