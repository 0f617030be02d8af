"""Forward with every z kept, then back."""

import numpy as np


def relu_chain(w, b, a0):
    zs, a = [], a0
    for weight, bias in zip(w, b):
        zs.append(weight * a + bias)
        a = np.maximum(zs[-1], 0)
    g = 1.0
    for weight, z in zip(w[::-1], zs[::-1]):
        g = g * (z > 0) * weight
    return g


def relu_chain_why():
    return {"choice": "C) It removes one cause.", "why": "Die Gewichte werden immer noch multipliziert."}
