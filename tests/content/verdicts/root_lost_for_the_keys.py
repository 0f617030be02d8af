# exercise: attention_backward
# points: 10
# told: the root of d is missing on the way back|dQ, dV are right, dK is wrong
import numpy as np


def attention_backward(Q, K, V, dout):
    scores = Q @ K.T / np.sqrt(K.shape[1])
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    attn = e / e.sum(axis=-1, keepdims=True)
    dattn = dout @ V.T
    dscores = attn * (dattn - (attn * dattn).sum(axis=-1, keepdims=True))
    return dscores @ K / np.sqrt(K.shape[1]), dscores.T @ Q, attn.T @ dout
