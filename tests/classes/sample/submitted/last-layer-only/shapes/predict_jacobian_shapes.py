def predict_jacobian_shapes(dims):
    *_, n_in, n_out = dims
    return n_out, n_in
