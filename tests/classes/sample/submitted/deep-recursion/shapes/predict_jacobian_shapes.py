def predict_jacobian_shapes(dims):
    rows, _ = predict_jacobian_shapes(dims)
    return rows, dims[0]
