import numpy as np


def train(X, t, params, lr, steps):
    W1, b1, w2, b2 = (np.array(each, dtype=float) for each in params)
    losses = np.empty(1 + steps)
    for step in range(1 + steps):
        H = (X @ W1 + b1).clip(0)
        p = H @ w2 + b2
        losses[step] = ((p - t) ** 2).sum() / p.size
        g = (p - t) * 2 / p.size
        gH = np.outer(g, w2) * np.sign(H)
        w2 -= lr * (g @ H)
        b2 -= lr * g.sum()
        W1 -= lr * np.einsum("nd,nh->dh", X, gH)
        b1 -= lr * np.ones(len(g)) @ gH
    return losses
