# exercise: derivative_shapes
# points: 0
# told: returned "'(2,)'", expected (2,)


def derivative_shapes(n, m):
    return f"({n},)", f"({m}, {n})", f"({n}, {n})"
