# exercise: linear_layer_jacobian
# points: 2
# told: clip
import numpy as np


def linear_layer_jacobian(W, b, x):
    return np.clip(W, -5, 5)
