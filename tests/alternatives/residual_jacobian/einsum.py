"""One einsum, as nested lists."""

import numpy as np


def residual_jacobian(W1, b1, W2, x):
    slope = np.heaviside(np.einsum("mn,n->m", W1, x) + b1, 0.0)
    return (np.identity(x.size) + np.einsum("im,m,mj->ij", W2, slope, W1)).tolist()
