# exercise: newton_step
# points: 0
# told: The linear term has the wrong sign
import numpy as np


def newton_step(A, b, x):
    H = (A + A.T) / 2
    g = H @ x - b
    return x - np.linalg.solve(H, g)
