# exercise: softmax_xent_grad
# points: 1
# told: along its row
import numpy as np


def softmax_xent_grad(Z, y):
    p = np.exp(Z - Z.max())
    p = p / p.sum()
    return (p - np.eye(Z.shape[1])[y]) / len(Z)
