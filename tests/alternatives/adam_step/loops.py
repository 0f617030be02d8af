import math

import numpy as np


def adam_step(W, g, m, v, t, lr, beta1, beta2, eps):
    W, m, v = np.array(W), np.array(m), np.array(v)
    for index, slope in np.ndenumerate(g):
        m[index] += (slope - m[index]) * (1 - beta1)
        v[index] += (slope * slope - v[index]) * (1 - beta2)
        average = m[index] / -math.expm1(t * math.log(beta1))
        square = v[index] / -math.expm1(t * math.log(beta2))
        W[index] -= lr * average / (math.sqrt(square) + eps)
    return W, m, v
