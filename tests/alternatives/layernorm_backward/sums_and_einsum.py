import numpy as np


def layernorm_backward(dout, X, gamma, eps):
    D = X.shape[-1]
    inverse = 1 / np.sqrt(np.var(X, axis=-1) + eps)
    xhat = np.einsum("nd,n->nd", X - X.mean(axis=-1)[..., np.newaxis], inverse)
    g = np.einsum("nd,d->nd", dout, gamma)
    projected = D * g - g.sum(-1, keepdims=True) - xhat * np.einsum("ne,ne->n", g, xhat)[:, None]
    return {
        "dX": (inverse / D)[:, None] * projected,
        "dgamma": np.einsum("nd,nd->d", dout, xhat),
        "dbeta": np.ones(len(dout)) @ dout,
    }
