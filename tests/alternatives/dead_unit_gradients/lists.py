"""Plain lists, one unit after the other."""


def dead_unit_gradients(dout, X, W, b):
    N, D, H = len(X), len(X[0]), len(b)
    Z = (X @ W + b).tolist()
    dZ = [[float(dout[n][k]) if Z[n][k] > 0 else 0.0 for k in range(H)] for n in range(N)]
    dW = [[sum(float(X[n][d]) * dZ[n][k] for n in range(N)) for k in range(H)] for d in range(D)]
    db = [sum(dZ[n][k] for n in range(N)) for k in range(H)]
    return dW, db, [not any(Z[n][k] > 0 for n in range(N)) for k in range(H)]
