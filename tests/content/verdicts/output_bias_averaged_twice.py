# exercise: train
# points: 1
# told: b2 moves too little
import numpy as np


def train(X, t, params, lr, steps):
    W1, b1, w2, b2 = params
    losses = np.zeros(steps + 1)
    for s in range(steps + 1):
        Z = X @ W1 + b1
        A = np.maximum(Z, 0)
        p = A @ w2 + b2
        if s > 0:
            losses[s] = np.mean((p - t) ** 2)
        g = 2 * (p - t) / len(t)
        dZ = np.outer(g, w2) * (Z > 0)
        W1, b1, w2, b2 = W1 - lr * X.T @ dZ, b1 - lr * dZ.sum(axis=0), w2 - lr * A.T @ g, b2 - lr * g.mean()
    losses[0] = np.mean((np.maximum(X @ params[0] + params[1], 0) @ params[2] + params[3] - t) ** 2)
    return losses
