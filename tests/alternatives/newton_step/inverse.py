import numpy as np


def newton_step(A, b, x):
    symmetric = 0.5 * A + 0.5 * np.transpose(A)
    gradient = np.einsum("ij,j->i", symmetric, x) + b
    return (x + np.linalg.inv(symmetric) @ -gradient).tolist()
