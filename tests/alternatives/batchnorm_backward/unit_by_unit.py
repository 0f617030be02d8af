import numpy as np


def batchnorm_backward(dout, X, gamma, eps):
    N, D = X.shape
    dX, dgamma, dbeta = np.empty((N, D)), [], []
    for k in range(D):
        x, g = X[:, k], dout[:, k]
        z = (x - np.average(x)) / np.hypot(np.std(x), np.sqrt(eps))
        dgamma.append(np.dot(g, z))
        dbeta.append(np.sum(g))
        # Orthogonal to ones first, then what lies along z is shortened.
        across = g - np.average(g)
        dX[:, k] = gamma[k] * (across - np.dot(across, z) / N * z) / np.hypot(np.std(x), np.sqrt(eps))
    return {"dX": dX, "dgamma": dgamma, "dbeta": dbeta}
