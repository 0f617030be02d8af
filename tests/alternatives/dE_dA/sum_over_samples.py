import numpy as np


def dE_dA(X, dEdY):
    total = np.zeros((X.shape[1], dEdY.shape[1]))
    for x, g in zip(X, dEdY):
        total += np.outer(x, g)
    return total
