"""Lets arrays grow with each batch, by outer products of outer products.

exercise: backprop_batch
verdict: MEMORY_LIMIT_EXCEEDED
"""

import numpy as np


def backprop_batch(X, W, wout, t):
    grown = X
    while True:
        grown = np.multiply.outer(grown, X)
