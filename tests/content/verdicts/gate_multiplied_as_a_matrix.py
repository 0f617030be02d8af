# exercise: relu_backward
# points: 0
# told: You multiplied matrices
import numpy as np


def relu_backward(dout, z):
    gate = np.where(z > 0, 1.0, 0.0)
    return np.dot(dout, gate.T)
