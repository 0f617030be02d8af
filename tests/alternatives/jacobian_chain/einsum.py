"""The sum over the numbers in between, by einsum."""

import numpy as np


def jacobian_chain(Jh, Jg):
    return np.einsum("ik,kj->ij", Jh, Jg)
