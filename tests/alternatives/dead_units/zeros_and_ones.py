"""A mask of zeros and ones, counted sample by sample."""


def dead_units(X, W, b):
    fired = [0] * len(b)
    for x in X.tolist():
        for k, (column, bias) in enumerate(zip(W.T.tolist(), b.tolist(), strict=True)):
            if sum(w * a for w, a in zip(column, x, strict=True)) + bias > 0:
                fired[k] = 1
    return [1 - each for each in fired]
