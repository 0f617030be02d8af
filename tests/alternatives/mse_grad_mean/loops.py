"""One entry at a time, as nested lists."""


def mse_grad_mean(p, t):
    N, K = p.shape
    return [[2 * float(p[n, k] - t[n, k]) / (N * K) for k in range(K)] for n in range(N)]
