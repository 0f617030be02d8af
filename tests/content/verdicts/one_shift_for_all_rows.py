# exercise: mlp_backward
# points: 14
# told: take each row's own
import numpy as np


def mlp_backward(params, X, y):
    acts, A = [X], X
    for k, (W, b) in enumerate(params):
        Z = A @ W + b
        A = np.maximum(Z, 0) if k < len(params) - 1 else Z
        acts.append(A)
    P = np.exp(A - A.max())
    P /= P.sum(axis=1, keepdims=True)
    N = len(y)
    P[np.arange(N), y] -= 1
    d = P / N
    grads = []
    for k in reversed(range(len(params))):
        grads = [acts[k].T @ d, d.sum(0)] + grads
        d = (d @ params[k][0].T) * (acts[k] > 0)
    return grads
