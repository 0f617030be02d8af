import numpy as np


def jvp_forward(params, x, u):
    both = np.stack([x, u], axis=1)
    for index, (W, b) in enumerate(params):
        if index:
            both = both * (both[:, :1] > 0)
        both = W @ both
        both[:, 0] += b
    return both.T
