import math

import numpy as np


def backprop_batch(X, W, wout, t):
    N, D = X.shape
    n_hidden = len(wout)
    dW = np.zeros((D, n_hidden))
    dwout = np.zeros(n_hidden)
    for i in range(N):
        h = [sum(X[i, d] * W[d, k] for d in range(D)) for k in range(n_hidden)]
        hact = [max(v, 0.0) for v in h]
        score = sum(hact[k] * wout[k] for k in range(n_hidden))
        p = 1 / (1 + math.exp(-score))
        dscore = 2 * (p - t[i]) * p * (1 - p)
        for k in range(n_hidden):
            dwout[k] += dscore * hact[k]
            if h[k] > 0:
                for d in range(D):
                    dW[d, k] += dscore * wout[k] * X[i, d]
    return dW, dwout
