# exercise: mlp_backward
# points: 0
# told: Return one flat list
import numpy as np
def mlp_backward(params, X, y):
    A = X; cache = []
    for i, (W, b) in enumerate(params):
        cache.append(A)
        Z = A @ W + b
        A = np.maximum(Z, 0) if i < len(params) - 1 else Z
    e = np.exp(A - A.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    p[range(len(y)), y] -= 1
    d = p / len(y)
    out = []
    for (W, b), A in zip(params[::-1], cache[::-1]):
        out.insert(0, (A.T @ d, d.sum(0)))
        d = d @ W.T * (A > 0)
    return out
