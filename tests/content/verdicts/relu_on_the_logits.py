# exercise: mlp_backward
# points: 1
# told: There is no relu behind the last layer
import numpy as np


def mlp_backward(params, X, y):
    A = [X]
    Zs = []
    for W, b in params:
        Z = A[-1] @ W + b
        Zs.append(Z)
        A.append(np.maximum(Z, 0))
    E = np.exp(A[-1] - A[-1].max(1, keepdims=True))
    P = E / E.sum(1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    d = P / len(y)
    out = []
    for (W, b), a, Z in zip(params[::-1], A[-2::-1], Zs[::-1]):
        d = d * (Z > 0)
        out = [a.T @ d, d.sum(0)] + out
        d = d @ W.T
    return out
