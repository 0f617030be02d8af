import numpy as np


def jvp_forward(params, x, u):
    """The last layer of what the layers before it give, each with its tangent."""
    (W, b), before = params[-1], params[:-1]
    if before:
        x, u = jvp_forward(before, x, u)
        u = np.heaviside(x, 0.0) * u
        x = np.clip(x, 0.0, None)
    return np.einsum("ij,j->i", W, x) + b, np.einsum("ij,j->i", W, u)
