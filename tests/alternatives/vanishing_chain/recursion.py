"""The chain rule as a recursion, with the math module."""

import math


def vanishing_chain(w, a0, L):
    if L == 0:
        return 1.0
    s = 1 / (1 + math.exp(-w * a0))
    return vanishing_chain(w, s, L - 1) * w * s * (1 - s)


def vanishing_chain_why(w, L):
    bound = math.exp(L * math.log(abs(w) / 4))
    why = f"Every layer multiplies the gradient by w s'(z), and |w s'(z)| <= |w|/4 < 1. All of them leave {bound:.2e} or less."
    return {"choice": "b)", "why": why}
