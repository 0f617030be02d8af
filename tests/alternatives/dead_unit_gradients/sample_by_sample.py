"""Sample by sample: only what passes an open gate is added up."""

import numpy as np


def dead_unit_gradients(dout, X, W, b):
    dW, db = np.zeros_like(W), np.zeros_like(b)
    frozen = np.full(len(b), True)
    for x, g in zip(X, dout):
        for k in range(len(b)):
            if x @ W[:, k] + b[k] > 0:
                dW[:, k] += g[k] * x
                db[k] += g[k]
                frozen[k] = False
    return dW, db, frozen
