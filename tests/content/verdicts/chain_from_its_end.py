# exercise: relu_chain
# points: 1
# told: from the last layer to the first
import numpy as np


def relu_chain(w, b, a0):
    d = 1.0
    for wi, bi in zip(w[::-1], b[::-1]):
        z = wi * a0 + bi
        d *= wi * (z > 0)
        a0 = np.maximum(z, 0)
    return d


def relu_chain_why():
    return {"choice": "d", "why": "Nothing bounds the outputs so the gradients explode."}
