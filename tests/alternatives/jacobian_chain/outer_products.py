"""One outer product for each of the numbers in between, added up."""

import numpy as np


def jacobian_chain(Jh, Jg):
    return sum(np.outer(Jh[:, k], Jg[k]) for k in range(len(Jg)))
