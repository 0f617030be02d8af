"""Every sample's Jacobian is built after all, and contracted by einsum."""

import numpy as np


def softmax_vjp(p, dout):
    jacobians = np.einsum("ni,ij->nij", p, np.eye(p.shape[1])) - np.einsum("ni,nj->nij", p, p)
    return np.einsum("ni,nij->nj", dout, jacobians)
