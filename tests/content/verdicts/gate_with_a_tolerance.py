# exercise: dead_unit_gradients
# points: 4.5
# told: no tolerance is asked
def dead_unit_gradients(dout, X, W, b):
    gate = X @ W + b > 1e-10
    dZ = dout * gate
    return X.T @ dZ, dZ.sum(axis=0), ~gate.any(axis=0)
