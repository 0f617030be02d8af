"""A sum over the paths from an input to an output, in nested lists."""


def denominator_layout_chain(Dg, Dh):
    inputs, between = Dg.shape
    outputs = Dh.shape[1]
    total = [[0.0] * outputs for _ in range(inputs)]
    for i in range(inputs):
        for k in range(between):
            for j in range(outputs):
                total[i][j] += float(Dg[i, k] * Dh[k, j])
    return total
