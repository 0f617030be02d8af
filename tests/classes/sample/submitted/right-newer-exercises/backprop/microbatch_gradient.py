import numpy as np


def microbatch_gradient(grads, sizes):
    return np.average(grads, axis=0, weights=sizes)
