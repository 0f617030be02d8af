import numpy as np


def sgd_step_linear(x, W, upstream, lr):
    new = W.copy()
    for j in range(len(x)):
        for k in range(len(upstream)):
            new[j, k] -= lr * x[j] * upstream[k]
    return new
