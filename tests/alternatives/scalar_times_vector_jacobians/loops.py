"""Entry by entry, in nested lists."""


def scalar_times_vector_jacobians(s, v):
    n = len(v)
    return [[v[i]] for i in range(n)], [[s if i == j else 0.0 for j in range(n)] for i in range(n)]
