# exercise: simplenet_input_grad
# points: 2
# told: the first relu stands between
import numpy as np


def simplenet_input_grad(params, x):
    (W1, b1), (W2, b2), (W3, b3) = params
    z1 = W1 @ x + b1
    z2 = W2 @ z1 + b2
    y = W3 @ np.maximum(z2, 0) + b3
    g = 2 * y @ W3
    g = (g * (z2 > 0)) @ W2
    g = (g * (z1 > 0)) @ W1
    return g
