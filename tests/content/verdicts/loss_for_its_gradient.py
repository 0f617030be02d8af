# exercise: softmax_xent_grad
# points: 0
# told: That is the loss, one number
import numpy as np


def softmax_xent_grad(Z, y):
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    return -np.mean(np.log(P[np.arange(len(y)), y]))
