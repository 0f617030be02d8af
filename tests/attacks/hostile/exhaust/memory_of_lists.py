"""Fills memory with Python objects.

verdict: MEMORY_LIMIT_EXCEEDED
"""


def manual_jacobian(x, y):
    kept = []
    while True:
        kept.append(bytearray(2**20))
