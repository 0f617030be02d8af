"""Real gradients, computed from the scores back: the shapes of the products."""

import numpy as np


def backprop_shapes(N, D, H, K):
    X, W1, W2 = np.ones((N, D)), np.ones((D, H)), np.ones((H, K))
    A = X @ W1
    score = A @ W2
    dscore = 2 * score
    dA = dscore @ W2.T
    dZ = dA * (A > 0)
    names = "score dscore dA dZ dW1 db1 dW2 db2 dX".split()
    found = score, dscore, dA, dZ, X.T @ dZ, dZ.sum(axis=0), A.T @ dscore, dscore.sum(axis=0), dZ @ W1.T
    return dict(zip(names, map(np.shape, found)))
