# exercise: sigmoid_linear_grads
# points: 0
# told: tanh
import numpy as np


def sigmoid_linear_grads(x, W, v):
    f = 1 / (1 + np.exp(-(x @ W @ v)))
    return (1 - f**2) * np.outer(x, v), (1 - f**2) * (x @ W)
