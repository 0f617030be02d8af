# exercise: jvp_forward
# points: 5
# told: writes into its argument `params`|line 8: work on a copy
import numpy as np


def jvp_forward(params, x, u):
    W, b = params.pop()
    for V, c in params:
        z = V @ x + c
        x, u = np.maximum(z, 0), (V @ u) * (z > 0)
    return W @ x + b, W @ u
