# exercise: bce_with_logits
# points: 4.5
# told: for targets of 0 and 1 alone
import numpy as np


def bce_with_logits(z, t):
    y = 2 * t - 1
    loss = np.logaddexp(0, -y * z).mean()
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return loss, (p - t) / len(z)
