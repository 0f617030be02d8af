"""One-hot rows, compared into being."""

import numpy as np


def softmax_xent_grad(Z, y):
    samples, classes = Z.shape
    target = y[:, None] == np.arange(classes)
    shifted = Z.astype(float) - Z.max(axis=1)[:, None]
    p = np.exp(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
    return (p - target) / samples
