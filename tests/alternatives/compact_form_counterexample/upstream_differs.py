"""All units active; the upstream gradient differs. The coincidence is a diagonal X with any masks. Lists of integers."""


def counterexample():
    return [[1, 2], [3, 4]], [[1, 1, 1], [1, 1, 1]], [1, 1, 1], [1, -1]


def coincidence():
    return [[2, 0, 0], [0, -3, 0], [0, 0, 1]], [[1, -1], [1, -1], [-1, 1]], [4, 5], [1, 2, 3]
