# exercise: derivative_shapes
# points: 0
# told: the same for all inputs


def derivative_shapes(n, m):
    return (2,), (3, 2), (2, 2)
