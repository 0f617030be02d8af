# exercise: layer_gradient_norms
# points: 3.25
# told: where is the mask of the relu
import numpy as np


def layer_gradient_norms(Ws, x, dy, activation):
    hs = [x]
    for W in Ws:
        z = W @ hs[-1]
        hs.append(np.maximum(0, z) if activation == "relu" else 1 / (1 + np.exp(-z)))
    out, g = [np.linalg.norm(dy)], dy
    for W, h in zip(Ws[::-1], hs[:0:-1]):
        g = W.T @ g if activation == "relu" else W.T @ (g * h * (1 - h))
        out.insert(0, np.linalg.norm(g))
    return np.array(out)
