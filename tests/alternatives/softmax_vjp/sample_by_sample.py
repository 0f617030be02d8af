"""One sample after the other, with a dot product each."""

import numpy as np


def softmax_vjp(p, dout):
    return np.array([row * up - row * np.dot(row, up) for row, up in zip(p, dout, strict=True)])
