import numpy as np


def fixed_point_grad(w, c):
    # In terms of z, which keeps its digits: z - w * s(z) - c grows with z.
    low, high = c - 4.0, c + 4.0
    for _ in range(100):
        z = (low + high) / 2
        if z - w * np.exp(-np.logaddexp(0, -z)) > c:
            high = z
        else:
            low = z
    a, rest = np.exp(-np.logaddexp(0, -z)), np.exp(-np.logaddexp(0, z))
    # dz (1 - w s') = dc + a dw, and da = s' dz.
    slope = a * rest
    dz = np.array([a, 1.0]) / (1 - w * slope)
    return {"a": a, "da_dw": slope * dz[0], "da_dc": slope * dz[1]}
