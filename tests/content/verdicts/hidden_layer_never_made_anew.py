# exercise: train
# points: 1
# told: Z is made anew with them
import numpy as np


def train(X, t, params, lr, steps):
    W1, b1, w2, b2 = [np.array(p, dtype=float) for p in params]
    Z = X @ W1 + b1
    A = np.maximum(Z, 0)
    losses = []
    for _ in range(steps + 1):
        p = A @ w2 + b2
        losses.append(np.mean((p - t) ** 2))
        d = 2 * (p - t) / len(t)
        dZ = np.outer(d, w2) * (Z > 0)
        W1 -= lr * X.T @ dZ
        b1 -= lr * dZ.sum(0)
        w2 -= lr * A.T @ d
        b2 -= lr * d.sum()
    return np.array(losses)
