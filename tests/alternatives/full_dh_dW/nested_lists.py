def full_dh_dW(x, H):
    return [[[float(value) if i == k else 0.0 for k in range(H)] for value in x] for i in range(H)]
