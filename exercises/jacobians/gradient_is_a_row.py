"""# A gradient is a row of the Jacobian

The study notes collect three sentences: the gradient is "a subset of the Jacobian", it is "a special case of the Jacobian",
and the Jacobian stores gradients "in its columns/rows". Settle in code what each of them means.

A function takes n numbers x to m numbers y. You are given its Jacobian J at some point, with one row per output and one
column per input, and the number i of one output. Return

- `gradient`: the gradient of the single number y[i] with respect to x;
- `jacobian`: the Jacobian of the function that returns y[i] and nothing else;
- `of_sum`: the gradient of the single number y[0] + y[1] + ... with respect to x.

Use the shapes of this course: the gradient of a number is shaped like x, and a Jacobian is a matrix, whatever its sizes.

- `J` has shape (m, n) and is float64; `i` is an int from 0 to m - 1.
- Return a tuple (gradient, jacobian, of_sum).
- Leave your arguments as they were.

On paper: with J = [[4, 1], [1, 2], [0, 3]], raise x[0] by 0.1 and x[1] by 0.01, and y moves by [0.41, 0.12, 0.03]: each output
by its own two derivatives. For i = 1, the 0.12 = 1 * 0.1 + 2 * 0.01 is all that counts.
"""

import numpy as np
from numpy.typing import NDArray


def gradient_is_a_row(
    J: NDArray[np.float64], i: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return (gradient, jacobian, of_sum) for the function whose Jacobian is J."""
    raise NotImplementedError
