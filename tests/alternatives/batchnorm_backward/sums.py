import numpy as np


def batchnorm_backward(dout, X, gamma, eps):
    n = float(len(X))
    ones = np.ones(len(X))
    deviation = X - np.outer(ones, ones @ X / n)
    inverse = ((deviation * deviation).T @ ones / n + eps) ** -0.5
    normal = deviation * inverse
    dbeta = ones @ dout
    dgamma = np.einsum("nk,nk->k", normal, dout)
    return (inverse * gamma / n) * (n * dout - dbeta - normal * dgamma), dgamma, dbeta
