import numpy as np


def train(X, t, params, lr, steps):
    W1, b1, w2, b2 = params
    hidden = X.dot(W1) + b1
    active = hidden > 0
    residual = (hidden * active).dot(w2) + b2 - t
    here = (np.mean(np.square(residual)),)
    if steps == 0:
        return here
    dp = residual * (2 / len(residual))
    dhidden = active * dp[:, np.newaxis] * w2[np.newaxis, :]
    gradients = (dhidden.T @ X).T, dhidden.sum(0), dp.dot(hidden * active), dp.sum()
    stepped = tuple(value - lr * gradient for value, gradient in zip(params, gradients))
    return here + tuple(train(X, t, stepped, lr, steps - 1))
