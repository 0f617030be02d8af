"""Entry by entry, in lists."""


def gradient_is_a_row(J, i):
    m, n = J.shape
    gradient = [float(J[i][j]) for j in range(n)]
    return gradient, [gradient], [sum(float(J[k][j]) for k in range(m)) for j in range(n)]
