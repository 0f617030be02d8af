import numpy as np


def tanh_grad_from_output(a):
    # 1 / cosh(z)**2, with the z that gives a; an infinite z has an infinite cosh.
    with np.errstate(all="ignore"):
        slope = np.cosh(np.arctanh(a)) ** -2.0
    return slope
