def predict_jacobian_shapes(dims):
    rows, cols = dims[1], dims[0]
    # multiply by the Jacobian of each next layer from the left
    for i in range(1, len(dims) - 1):
        layer = (dims[i + 1], dims[i])
        assert layer[1] == rows
        rows = layer[0]
    return rows, cols
