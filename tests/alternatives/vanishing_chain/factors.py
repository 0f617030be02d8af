"""All activations first, then the product of the factors."""

import numpy as np


def vanishing_chain(w, a0, L):
    z = []
    a = a0
    for _ in range(L):
        z.append(w * a)
        a = 1 / (1 + np.exp(-z[-1]))
    e = np.exp(-np.abs(z))
    return np.prod(w * e / (1 + e) ** 2)


def vanishing_chain_why(w, L):
    bound = np.prod(np.full(L, abs(w) * 0.25))
    return {"choice": "B", "why": f"s' is at most 1/4, and we multiply {L} such factors: {bound} at most."}
