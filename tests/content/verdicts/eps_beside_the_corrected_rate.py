# exercise: adam_step
# points: 1.5
# told: You took the correction of v out of the root
import numpy as np
def adam_step(W, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    a = lr * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)
    return W - a * m / (np.sqrt(v) + eps), m, v
