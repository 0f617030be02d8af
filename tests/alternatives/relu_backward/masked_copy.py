"""A copy of the upstream gradient, zeroed where units are inactive."""


def relu_backward(dout, z):
    dz = dout.copy()
    dz[z <= 0] = 0
    return dz
