"""The chain rule as a recursion, with the math module."""

import math


def vanishing_chain(w, a0, L):
    if L == 0:
        return 1.0
    s = 1 / (1 + math.exp(-w * a0))
    return vanishing_chain(w, s, L - 1) * w * s * (1 - s)


def vanishing_chain_why():
    why = "Every layer multiplies the gradient by w s'(z), and |w s'(z)| <= |w|/4 < 1."
    return {"choice": "b)", "why": why}
