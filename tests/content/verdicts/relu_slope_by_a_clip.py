# exercise: relu_grad
# points: 0
# told: You clipped z itself
import numpy as np


def relu_grad(z):
    return np.clip(z, 0, 1)
