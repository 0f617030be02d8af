def mse_grad_mean(p, t):
    return 2 * (p - t) / len(p)
