"""The identity matrix, its columns scaled."""

import numpy as np


def broadcast_as_matmul(a, B):
    return np.eye(B.shape[1]) * a
