from math import sqrt


def layernorm_backward(dout, X, gamma, eps):
    """Numbers and lists alone."""
    dX, D = [], len(gamma)
    dgamma, dbeta = [0.0] * D, [0.0] * D
    for x, g in zip(X.tolist(), dout.tolist()):
        mean = sum(x) / D
        root = sqrt(sum((each - mean) ** 2 for each in x) / D + eps)
        z = [(each - mean) / root for each in x]
        dz = [a * b for a, b in zip(g, gamma.tolist())]
        through_mean = sum(dz) / D
        through_root = sum(a * b for a, b in zip(dz, z)) / D
        dX.append([(a - through_mean - b * through_root) / root for a, b in zip(dz, z)])
        for i in range(D):
            dgamma[i] += g[i] * z[i]
            dbeta[i] += g[i]
    return [dX, dgamma, dbeta]
