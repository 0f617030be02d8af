"""Broadcast against the identity matrix; the result in single precision."""

import numpy as np


def softmax_jacobian(z):
    p = np.exp(z - z.max())
    p /= p.sum()
    return (p[:, None] * (np.eye(z.size) - p)).astype(np.float32)
