def mse_grad_mean(p, t):
    N, K = p.shape
    return 2 / (N * K) * (p - t)
