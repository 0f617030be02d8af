# exercise: sigmoid_stable
# points: 4
# told: clip
import numpy as np


def sigmoid_stable(z):
    z = np.clip(z, -60, 60)
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
