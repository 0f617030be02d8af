# exercise: accumulated_gradients
# points: 0
# told: You step before you add
import numpy as np


def accumulated_gradients(W, grads, lr, every):
    acc = np.zeros_like(W)
    Ws = []
    for k, g in enumerate(grads, 1):
        if k % every == 0:
            W = W - lr * acc
            Ws.append(W)
            acc = np.zeros_like(W)
        acc = acc + g
    return np.array(Ws), acc
