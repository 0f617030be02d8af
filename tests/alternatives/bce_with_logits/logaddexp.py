"""The loss by logaddexp, the gradient by two sigmoids."""

import numpy as np


def bce_with_logits(z, t):
    losses = t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)
    with np.errstate(over="ignore"):
        up, down = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z))
    return losses.mean(), ((1 - t) * up - t * down) / z.size
