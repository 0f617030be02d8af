"""Plain lists and the math module."""

import math


def layer_gradient_norms(Ws, x, dy, activation):
    Ws, h, kept = [W.tolist() for W in Ws], x.tolist(), []
    for W in Ws:
        z = [sum(w * a for w, a in zip(row, h)) for row in W]
        if activation == "relu":
            h, slope = [max(a, 0.0) for a in z], [float(a > 0) for a in z]
        else:
            h = [1 / (1 + math.exp(-a)) for a in z]
            slope = [a * (1 - a) for a in h]
        kept.append(slope)
    g = dy.tolist()
    norms = [math.hypot(*g)]
    for W, slope in zip(Ws[::-1], kept[::-1]):
        d = [s * a for s, a in zip(slope, g)]
        g = [sum(W[i][j] * d[i] for i in range(len(W))) for j in range(len(W[0]))]
        norms.append(math.hypot(*g))
    return norms[::-1]
