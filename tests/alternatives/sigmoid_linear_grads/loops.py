"""Loops over single entries, plain floats, nested lists."""

import math


def sigmoid_linear_grads(x, W, v):
    D, H = len(x), len(v)
    h = [sum(float(x[j]) * float(W[j, k]) for j in range(D)) for k in range(H)]
    o = sum(h[k] * float(v[k]) for k in range(H))
    e = math.exp(-abs(o))
    slope = e / (1 + e) ** 2
    dW = [[slope * float(x[j]) * float(v[k]) for k in range(H)] for j in range(D)]
    return dW, [slope * value for value in h]
