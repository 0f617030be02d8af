# exercise: relative_error
# points: 0
# told: norm of a long vector
import numpy as np


def relative_error(a, n):
    return float(np.linalg.norm(a - n) / np.linalg.norm(n))
