# exercise: attention_backward
# points: 12.75
# told: nan or inf
import numpy as np


def attention_backward(Q, K, V, dout):
    d = Q.shape[1]
    S = Q @ K.T / np.sqrt(d)
    P = np.exp(S - 0.5 * S.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)
    dP = dout @ V.T
    dS = P * (dP - (P * dP).sum(axis=1, keepdims=True)) / np.sqrt(d)
    return dS @ K, dS.T @ Q, P.T @ dout
