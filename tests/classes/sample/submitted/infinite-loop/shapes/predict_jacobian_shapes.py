def predict_jacobian_shapes(dims):
    i = 0
    while i < len(dims) - 1:
        rows = dims[i + 1]
    return rows, dims[0]
