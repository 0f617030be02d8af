def predict_jacobian_shapes(dims):
    return f"({dims[-1]}, {dims[0]})"
