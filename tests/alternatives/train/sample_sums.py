import numpy as np


def step(X, t, params, lr):
    """Return the loss, and the parameters after a step."""
    W1, b1, w2, b2 = params
    total, grads = 0.0, [np.zeros_like(W1), np.zeros_like(b1), np.zeros_like(w2), 0.0]
    for x, target in zip(X, t):
        z = x @ W1 + b1
        a = np.where(z > 0, z, 0)
        error = float(a @ w2 + b2 - target)
        total += error * error
        back = np.where(z > 0, w2, 0) * 2 * error
        for k, part in enumerate((np.outer(x, back), back, 2 * error * a, 2 * error)):
            grads[k] = grads[k] + part / len(t)
    return total / len(t), [each - lr * grad for each, grad in zip(params, grads)]


def train(X, t, params, lr, steps):
    losses = []
    for _ in range(steps):
        loss, params = step(X, t, params, lr)
        losses.append(loss)
    return losses + [step(X, t, params, 0)[0]]
