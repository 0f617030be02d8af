# exercise: accumulated_gradients
# points: 2.75
# told: grad: returned None
# untold: a `return` is missing
import numpy as np
def accumulated_gradients(W, grads, lr, every):
    grad = None
    Ws = []
    for k, g in enumerate(grads):
        grad = g if grad is None else grad + g
        if (k + 1) % every == 0:
            W = W - lr * grad
            Ws.append(W)
            grad = None
    return np.array(Ws), grad
