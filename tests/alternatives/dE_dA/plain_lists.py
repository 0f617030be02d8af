"""Loops over plain lists, without numpy."""

def dE_dA(X, dEdY):
    X, dEdY = X.tolist(), dEdY.tolist()
    return [[sum(x[k] * g[j] for x, g in zip(X, dEdY)) for j in range(len(dEdY[0]))] for k in range(len(X[0]))]
