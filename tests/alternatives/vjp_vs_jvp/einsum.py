import numpy as np


def vjp_vs_jvp(J, v, u):
    return np.einsum("i,ij->j", v, J), np.einsum("ij,j->i", J, u)
