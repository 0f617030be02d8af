"""By take, reshape and einsum."""

import numpy as np


def gradient_is_a_row(J, i):
    row = np.take(J, i, axis=0)
    return row.copy(), row.reshape(1, -1), np.einsum("ij->j", J)
