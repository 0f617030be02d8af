def compact_dh_dW(x, H):
    return [[float(value)] * H for value in x]
