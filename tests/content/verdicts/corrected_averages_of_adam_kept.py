# exercise: adam_step
# points: 5
# told: You return the corrected averages|W is right, m, v are wrong
import numpy as np


def adam_step(W, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m = m / (1 - beta1**t)
    v = v / (1 - beta2**t)
    return W - lr * m / (np.sqrt(v) + eps), m, v
