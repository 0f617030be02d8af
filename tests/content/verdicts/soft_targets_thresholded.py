# exercise: bce_with_logits
# points: 4
# told: takes every target for 0 or 1
import numpy as np


def bce_with_logits(z, t):
    loss = np.mean(np.maximum(z, 0) - z * t + np.log(1 + np.exp(-np.abs(z))))
    p = np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))
    return loss, (p - (t > 0.5)) / len(z)
