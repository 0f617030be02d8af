# exercise: sigmoid_stable
# points: 2
# told: returned float32, asked was float64
import numpy as np


def sigmoid_stable(z):
    z = np.asarray(z, np.float32)
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
