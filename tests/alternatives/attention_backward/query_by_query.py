import numpy as np


def attention_backward(Q, K, V, dout):
    dQ, dK, dV = np.zeros_like(Q), np.zeros_like(K), np.zeros_like(V)
    for n in range(len(Q)):
        scores = np.dot(K, Q[n]) * Q.shape[1] ** -0.5
        p = np.exp(scores - max(scores))
        p /= sum(p)
        dV += np.outer(p, dout[n])
        gain = (V - p @ V) @ dout[n]
        ds = gain * p * Q.shape[1] ** -0.5
        dQ[n] = ds @ K
        dK += np.outer(ds, Q[n])
    return dQ, dK, dV
