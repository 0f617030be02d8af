# exercise: tensor_contract
# points: 1
# told: column of Y is that of A
import numpy as np


def tensor_contract(dEdY, dYdA):
    return np.einsum("ij,ijkj->kj", dEdY, dYdA)
