import numpy as np


def newton_step(A, b, x):
    # For a quadratic function one step ends where the gradient is 0, wherever it began.
    return np.linalg.lstsq(A + A.T, -2 * b, rcond=None)[0]
