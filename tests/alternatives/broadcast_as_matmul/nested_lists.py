"""Nested lists, entry by entry."""


def broadcast_as_matmul(a, B):
    return [[float(factor) if row == column else 0.0 for column in range(len(a))] for row, factor in enumerate(a)]
