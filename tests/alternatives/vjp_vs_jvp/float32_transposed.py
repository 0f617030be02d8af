import numpy as np


def vjp_vs_jvp(J, v, u):
    J = np.asarray(J, dtype=np.float32)
    return np.dot(J.T, v.astype(np.float32)), (J * u).sum(axis=1)
