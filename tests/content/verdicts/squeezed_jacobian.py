# exercise: relu_layer_jacobian
# points: 7
# told: without their axes of size 1
import numpy as np


def relu_layer_jacobian(W, b, x):
    return ((W @ x + b > 0)[:, None] * W).squeeze()
