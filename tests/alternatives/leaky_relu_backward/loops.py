"""Entry by entry."""


def leaky_relu_backward(dout, z, alpha):
    dz = dout.copy()
    for n in range(z.shape[0]):
        for k in range(z.shape[1]):
            if not z[n, k] > 0:
                dz[n, k] *= alpha
    return dz
