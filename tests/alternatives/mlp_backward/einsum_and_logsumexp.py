import numpy as np


def mlp_backward(params, X, y):
    Zs, A = [], X
    for W, b in params:
        Zs.append(np.einsum("nd,dh->nh", A, W) + b)
        A = Zs[-1].clip(min=0)
    logits = Zs.pop()
    top = logits.max(1)
    log_sum = top + np.log(np.exp(logits - top[:, None]).sum(1))
    upstream = (np.exp(logits - log_sum[:, None]) - np.eye(logits.shape[1])[y]) / len(X)
    pieces = ()
    for layer in range(len(params), 0, -1):
        below = Zs[layer - 2].clip(min=0) if layer > 1 else X
        pieces = (np.einsum("nd,nh->dh", below, upstream), np.einsum("nh->h", upstream)) + pieces
        if layer > 1:
            upstream = np.einsum("nh,dh,nd->nd", upstream, params[layer - 1][0], Zs[layer - 2] > 0)
    return pieces
