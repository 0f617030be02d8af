def dE_dA(X, dEdY):
    N, n = X.shape
    m = dEdY.shape[1]
    return [[sum(float(X[i, k]) * float(dEdY[i, j]) for i in range(N)) for j in range(m)] for k in range(n)]
