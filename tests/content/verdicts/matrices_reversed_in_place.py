# exercise: layer_gradient_norms
# points: 7.5
# told: writes into one of its arguments|line 17|work on a copy
import numpy as np


def layer_gradient_norms(Ws, x, dy, activation):
    h, slopes = x, []
    for W in Ws:
        z = W @ h
        if activation == "relu":
            h, slope = np.maximum(z, 0), z > 0
        else:
            h = 1 / (1 + np.exp(-z))
            slope = h * (1 - h)
        slopes.append(slope)
    Ws.reverse()
    norms, g = [np.linalg.norm(dy)], dy
    for W, slope in zip(Ws, slopes[::-1]):
        g = W.T @ (slope * g)
        norms.append(np.linalg.norm(g))
    return norms[::-1]
