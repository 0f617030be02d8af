import numpy as np


def jvp_forward(params, x, u):
    for k, (W, b) in enumerate(params):
        x, u = W @ x + b, W @ u
        if k < len(params) - 1:
            u = np.where(x > 0, u, 0)
            x = np.where(x > 0, x, 0)
    return {"y": x, "dy": u}
