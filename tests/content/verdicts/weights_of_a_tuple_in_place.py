# exercise: train
# points: 7
# told: writes into its argument `params`|line 14: work on a copy
import numpy as np


def train(X, t, params, lr, steps):
    W1, b1, w2, b2 = params
    losses = []
    for _ in range(steps + 1):
        Z = X @ W1 + b1
        A = np.maximum(Z, 0)
        error = A @ w2 + b2 - t
        losses.append(np.mean(error**2)); dp = 2 * error / len(t); W1 -= lr * X.T @ (np.outer(dp, w2) * (Z > 0))
        b1 = b1 - lr * (np.outer(dp, w2) * (Z > 0)).sum(axis=0)
        w2, b2 = w2 - lr * A.T @ dp, b2 - lr * dp.sum()
    return losses
