import numpy as np


def adam_step(W, g, m, v, t, lr, beta1, beta2, eps):
    # As in the paper's second form: the corrections in the learning rate, and in eps.
    first, second = 1 - np.power(beta1, t), 1 - np.power(beta2, t)
    new_m = np.average([m, g], axis=0, weights=[beta1, 1 - beta1])
    new_v = np.average([v, np.square(g)], axis=0, weights=[beta2, 1 - beta2])
    rate = lr * np.sqrt(second) / first
    step = np.divide(rate * new_m, np.sqrt(new_v) + eps * np.sqrt(second))
    return {"W": W - step, "m": new_m, "v": new_v}
