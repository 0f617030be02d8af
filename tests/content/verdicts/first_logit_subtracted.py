# exercise: softmax_xent_grad
# points: 7
# told: nan or inf
import numpy as np


def softmax_xent_grad(Z, y):
    E = np.exp(Z - Z[:, :1])
    P = E / E.sum(axis=1, keepdims=True)
    P[np.arange(len(Z)), y] -= 1
    return P / len(Z)
