# exercise: relu_layer_jacobian
# points: 2
# told: still have their rows
import numpy as np


def relu_layer_jacobian(W, b, x):
    J = np.zeros_like(W)
    for i in range(len(W)):
        if W[i] @ x + b[i] <= 0:
            return J
        J[i] = W[i]
    return J
