def vector_matrix_derivative(W, x):
    samples = {1: [x], 2: x}.get(x.ndim)
    if samples is None:
        raise ValueError("one sample or a batch")
    return [[float(sum(sample[j] for sample in samples)) for _ in row] for j, row in enumerate(W)]


def dscore_dHact(Hact, wout):
    return [list(wout) for _ in Hact]
