def conv1d_matrix(w, n):
    rows = []
    for i in range(n - len(w) + 1):
        row = [0.0] * n
        for j, weight in enumerate(w):
            row[i + j] = weight
        rows.append(row)
    return rows


def conv1d_backward(dout, x, w):
    x, w = x.tolist(), w.tolist()
    dx, dw = [0.0] * len(x), [0.0] * len(w)
    for i, g in enumerate(dout.tolist()):
        for j in range(len(w)):
            dx[i + j] += g * w[j]
            dw[j] += g * x[i + j]
    return dx, dw
