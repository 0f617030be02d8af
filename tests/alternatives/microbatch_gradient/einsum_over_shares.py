import numpy as np


def microbatch_gradient(grads, sizes):
    shares = np.array(sizes) / np.sum(sizes)
    return np.einsum("k,k...->...", shares, np.array(grads)).tolist()
