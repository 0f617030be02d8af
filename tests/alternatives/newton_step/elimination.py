def newton_step(A, b, x):
    n = len(x)
    rows = [[(A[i][j] + A[j][i]) / 2 for j in range(n)] for i in range(n)]
    for i in range(n):
        rows[i].append(-sum(rows[i][j] * x[j] for j in range(n)) - b[i])
    for i in range(n):
        best = max(range(i, n), key=lambda k: abs(rows[k][i]))
        rows[i], rows[best] = rows[best], rows[i]
        rows[i] = [entry / rows[i][i] for entry in rows[i]]
        for k in range(n):
            if k != i:
                factor = rows[k][i]
                rows[k] = [one - factor * other for one, other in zip(rows[k], rows[i])]
    return [float(x[i] + rows[i][n]) for i in range(n)]
