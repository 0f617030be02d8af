# exercise: bce_with_logits
# points: 7.5
# told: difference of two large numbers
import numpy as np


def bce_with_logits(z, t):
    loss = np.mean(np.logaddexp(0, z) - t * z)
    p = np.exp(z - np.logaddexp(0, z))
    return loss, (p - t) / len(t)
