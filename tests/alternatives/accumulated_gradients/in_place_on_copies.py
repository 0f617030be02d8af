import numpy as np


def accumulated_gradients(W, grads, lr, every):
    W, grad, found = np.array(W), None, []
    for k in range(len(grads)):
        grad = grads[k].copy() if grad is None else np.add(grad, grads[k])
        if (k + 1) % every:
            continue
        W -= lr * grad
        found.append(W.copy())
        grad = None
    return {"Ws": found, "grad": np.zeros(W.shape) if grad is None else grad}
