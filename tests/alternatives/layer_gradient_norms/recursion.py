"""A recursion through the layers; the derivative of an activation by its output."""

import numpy as np


def layer_gradient_norms(Ws, x, dy, activation):
    def back(layer, h):
        if layer == len(Ws):
            return dy, [np.sqrt(dy @ dy)]
        z = Ws[layer] @ h
        out = np.maximum(z, 0) if activation == "relu" else 1 / (1 + np.exp(-z))
        g, norms = back(layer + 1, out)
        slope = (out > 0) * 1.0 if activation == "relu" else out * (1 - out)
        g = (slope * g) @ Ws[layer]
        return g, [np.sqrt(g @ g), *norms]

    return back(0, x)[1]
