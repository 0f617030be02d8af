import numpy as np


def tensor_contract(dEdY, dYdA):
    total = np.zeros(dYdA.shape[2:])
    for i, j in np.ndindex(*dEdY.shape):
        total += dEdY[i, j] * dYdA[i, j]
    return total
