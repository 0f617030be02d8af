# exercise: accumulated_gradients
# points: 1
# told: You take a step with what is left at the end
import numpy as np
def accumulated_gradients(W, grads, lr, every):
    # step also for the rest
    grad = np.zeros_like(W); Ws = []
    for k, g in enumerate(grads, 1):
        grad = grad + g
        if k % every == 0 or k == len(grads):
            W = W - lr * grad
            Ws.append(W)
            grad = np.zeros_like(W)
    return np.array(Ws), grad
