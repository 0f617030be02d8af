"""A random batch of the largest size, and one with a repeated sample; float32, one hidden unit."""

import numpy as np


def counterexample():
    rng = np.random.default_rng(0)
    return rng.normal(size=(8, 8)), rng.normal(size=(8, 8)), rng.normal(size=8), rng.normal(size=8)


def coincidence():
    X = np.tile(np.float32([0.5, -1.5, 2.0]), (3, 1))
    return X, np.float32([[1.0], [1.0], [1.0]]), np.float32([2.0]), np.float32([0.25, 0.25, 0.25])
