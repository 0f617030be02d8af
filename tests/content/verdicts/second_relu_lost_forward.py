# exercise: simplenet_input_grad
# points: 2
# told: the second relu stands between
import numpy as np


def simplenet_input_grad(params, x):
    (W1, b1), (W2, b2), (W3, b3) = params
    z1 = W1 @ x + b1
    z2 = W2 @ np.maximum(z1, 0) + b2
    y = W3 @ z2 + b3
    return ((2 * y @ W3 * (z2 > 0)) @ W2 * (z1 > 0)) @ W1
