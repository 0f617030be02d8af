"""A list of booleans, unit by unit and sample by sample."""


def dead_units(X, W, b):
    units = range(len(b))
    return [not any(max(0.0, float(x @ W[:, k] + b[k])) > 0 for x in X) for k in units]
