import numpy as np


def accumulated_gradients(W, grads, lr, every):
    Ws = []
    grad = np.zeros_like(W)
    for k in range(len(grads)):
        grad = grad + grads[k]
        if (k + 1) % every == 0:
            W = W - lr * grad
            Ws.append(W)
    return np.array(Ws), grad
