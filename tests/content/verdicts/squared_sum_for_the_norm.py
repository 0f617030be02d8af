# exercise: layer_gradient_norms
# points: 0
# told: you squared the sum
import numpy as np


def layer_gradient_norms(Ws, x, dy, activation):
    hs = [x]
    for W in Ws:
        z = W @ hs[-1]
        hs.append(np.maximum(0, z) if activation == "relu" else 1 / (1 + np.exp(-z)))
    out = [np.sqrt((dy**2).sum())]
    for W, h in zip(Ws[::-1], hs[:0:-1]):
        dy = (dy * ((h > 0) if activation == "relu" else h * (1 - h))) @ W
        out.insert(0, np.sqrt(sum(dy) ** 2))
    return np.array(out)
