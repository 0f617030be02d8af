# exercise: relu_grad
# points: 0
# told: leaky
import numpy as np


def relu_grad(z):
    return np.where(z >= 0, 1.0, 0.01)
