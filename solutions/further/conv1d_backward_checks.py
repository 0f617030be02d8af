"""Hidden checks for conv1d_matrix(w, n) and conv1d_backward(dout, x, w): a convolution's matrix, and its gradients (dx, dw)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..drawing import THE_ONE, figure, table

Array = NDArray[np.float64]
Kernel = tuple[Array, int]
Signal = tuple[Array, Array, Array]
Gradients = tuple[Array, Array]

hints = [
    "Write out y[0], y[1] and y[2] for a kernel of two numbers. Row i of T holds the factors of y[i]: how does a row differ from"
    " the one above it?",
    "For dx, pick one x and look which y it is in, and with which number of w: a column of T. For dw, pick one w[j]: it is in"
    " every y[i], and next to it stands an x that moves along with i.",
    "Loop over the places i, or over the numbers j of the kernel. A place gives its dout to all x of its window, and to all of w;"
    " windows overlap, so add. The matrix itself is not needed for either.",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def some_entries(function: Any, dout: "Array", x: "Array", w: "Array") -> Any:
    """Return every so many entries of dx, and all of dw."""
    found = function(dout, x, w)
    dx, dw = (found["dx"], found["dw"]) if isinstance(found, dict) else found
    return np.asarray(dx)[::101], dw


def whole_matrix(dout: "Array", x: "Array", w: "Array") -> Any:
    """Multiply by T, which does not fit into memory for a long signal."""
    T = np.zeros((len(dout), len(x)))
    for i in range(len(dout)):
        T[i, i : i + len(w)] = w
    return dout @ T, np.array([dout @ x[j : j + len(dout)] for j in range(len(w))])


def _kernel(rng: np.random.Generator, k: int) -> Array:
    """Draw a kernel that is another one in reverse order, with two signs or more numbers."""
    return rng.permutation(np.linspace(0.5, 2.0, k)) * np.where(np.arange(k) % 3 == 1, -1, 1)


def _signal(rng: np.random.Generator, n: int, k: int) -> Signal:
    """Draw an upstream gradient and a signal, both off 0 on average."""
    return rng.uniform(-1.0, 2.0, size=n - k + 1), rng.uniform(-1.0, 2.0, size=n), _kernel(rng, k)


@check(function="conv1d_matrix", points=0, public=True)
def matrix_on_paper(rng: np.random.Generator) -> Iterator[Kernel]:
    """gives the matrices of w = [3, 5] on 4 numbers, and of w = [1, 2, -1] on 5"""
    yield np.array([3.0, 5.0]), 4
    yield np.array([1.0, 2.0, -1.0]), 5


@check(function="conv1d_matrix", points=1.5)
def matrix_of_any_size(rng: np.random.Generator) -> Iterator[Kernel]:
    """gives the matrix of any kernel on any number of inputs"""
    for n, k in [(6, 3), (7, 2), (9, 4)]:
        yield _kernel(rng, k), n


@check(function="conv1d_matrix", points=1)
def shortest_and_longest_kernels(rng: np.random.Generator) -> Iterator[Kernel]:
    """takes a kernel of a single number, and one as long as the signal"""
    yield np.array([rng.uniform(1.5, 2.0)]), 4
    yield _kernel(rng, 4), 4
    yield _kernel(rng, 5), 6


@check(function="conv1d_matrix", points=0.5, readonly=True)
def matrix_of_any_magnitude(rng: np.random.Generator) -> Iterator[Kernel]:
    """does not write into w, and takes numbers of any magnitude"""
    yield 1e-9 * _kernel(rng, 3), 5
    yield 1e9 * _kernel(rng, 2), 5


@check(parts={"dx": 0, "dw": 0}, public=True)
def gradients_on_paper(rng: np.random.Generator) -> Iterator[Signal]:
    """gives both gradients for the signal on paper, and for a kernel of three numbers"""
    yield np.array([1.0, 0.0, 2.0]), np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.0, 5.0])
    yield np.array([1.0, -1.0, 2.0]), np.array([1.0, 0.0, 2.0, -1.0, 3.0]), np.array([1.0, 2.0, -1.0])


@check(parts={"dx": 1.5, "dw": 1.5})
def any_sizes(rng: np.random.Generator) -> Iterator[Signal]:
    """gives both gradients for any signal and any kernel"""
    for n, k in [(6, 3), (8, 2), (9, 4), (7, 5)]:
        yield _signal(rng, n, k)


@check(parts={"dx": 0.5, "dw": 0.5})
def few_windows(rng: np.random.Generator) -> Iterator[Signal]:
    """takes a kernel as long as the signal, one as long as dout, and one of a single number, on a signal of one too"""
    yield _signal(rng, 4, 4)
    yield _signal(rng, 5, 3)
    yield _signal(rng, 7, 4)
    yield _signal(rng, 5, 1)
    yield _signal(rng, 1, 1)


@check(parts={"dx": 0.5, "dw": 0.5})
def linear_in_the_upstream(rng: np.random.Generator) -> Iterator[Signal]:
    """is linear in dout, also where that is tiny or huge, and where it is 0 but for one place"""
    dout, x, w = _signal(rng, 7, 3)
    for scale in (-1e9, 1e-15):
        yield scale * dout, x, w
    for place in (0, 2, 4):
        yield 2.5 * np.eye(5)[place], x, w


@check(parts={"dx": 0.5, "dw": 0.5}, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Signal]:
    """does not write into its arguments, and takes signals and kernels of any magnitude"""
    dout, x, w = _signal(rng, 8, 3)
    yield dout, 1e6 * x, 1e-6 * w
    yield dout, 1e-6 * x, 1e6 * w


@check(parts={"dx": 1, "dw": 0}, driver=some_entries, long_way=whole_matrix)
def real_size(rng: np.random.Generator) -> Iterator[Signal]:
    """takes a signal of 20000 numbers, for which the matrix does not fit into memory"""
    yield _signal(rng, 20_000, 5)


def _matrix(w: Array, n: int) -> Array:
    m = n - len(w) + 1
    return np.array([np.concatenate([np.zeros(i), w, np.zeros(m - 1 - i)]) for i in range(m)])


@misconception(function="conv1d_matrix")
def matrix_transposed(w: Array, n: int) -> Array:
    """That is the transpose: T has a row for each OUTPUT and a column for each input."""
    return _matrix(w, n).T


@misconception(function="conv1d_matrix")
def matrix_of_the_reversed_kernel(w: Array, n: int) -> Array:
    """Your kernel stands in reverse order in the rows, as in the convolution of mathematics: look at the formula of y[i]."""
    return _matrix(w[::-1], n)


@misconception(function="conv1d_matrix")
def rows_not_shifted(w: Array, n: int) -> Array:
    """All of your rows are alike: the kernel moves one place to the right from each row to the next."""
    return np.tile(_matrix(w, n)[0], (n - len(w) + 1, 1))


@misconception(function="conv1d_matrix")
def rows_shifted_to_the_left(w: Array, n: int) -> Array:
    """Your rows are in reverse order: y[0] is made of the first k numbers of x."""
    return _matrix(w, n)[::-1]


@misconception(function="conv1d_matrix")
def shifted_by_its_own_length(w: Array, n: int) -> Array:
    """Your kernel moves by its own length from row to row: windows overlap, and it moves by one place."""
    m = n - len(w) + 1
    T = np.zeros((m, n))
    for i in range(m):
        fits = T[i, i * len(w) : (i + 1) * len(w)]
        fits[:] = w[: len(fits)]
    return T


@misconception(function="conv1d_matrix")
def square_matrix(w: Array, n: int) -> Array:
    """Yours has n rows: where the kernel would lie beyond the end of x, there is no output."""
    return np.array([[w[j - i] if 0 <= j - i < len(w) else 0.0 for j in range(n)] for i in range(n)])


@misconception(function="conv1d_matrix")
def circulant(w: Array, n: int) -> Array:
    """Yours has n rows, in which the kernel goes on at the beginning of x: where it would lie beyond the end, there is no
    output."""
    return np.array([[w[(j - i) % n] if (j - i) % n < len(w) else 0.0 for j in range(n)] for i in range(n)])


@misconception(function="conv1d_matrix")
def padded_matrix(w: Array, n: int) -> Array:
    """Yours has a row for each place at which the kernel touches x: here all of it has to lie on x."""
    k = len(w)
    return np.array([[w[j - i + k - 1] if 0 <= j - i + k - 1 < k else 0.0 for j in range(n)] for i in range(n + k - 1)])


@misconception(function="conv1d_matrix")
def last_row_missing(w: Array, n: int) -> Array:
    """The last row is missing: the last place of the kernel is n - k, and places are counted from 0."""
    return _matrix(w, n)[:-1]


def _right(dout: Array, x: Array, w: Array) -> Gradients:
    return np.convolve(dout, w), np.correlate(x, dout, mode="valid")


@misconception
def kernel_reversed_once_more(dout: Array, x: Array, w: Array) -> Gradients:
    """dx comes of the kernel in its wrong order: x[0] meets w[0] alone, and the last x the last of w."""
    return np.convolve(dout, w[::-1]), _right(dout, x, w)[1]


@misconception
def no_padding_on_the_way_back(dout: Array, x: Array, w: Array) -> Gradients:
    """Your dx is too short: on the way back each output gives to all k inputs of its window, those at the edges as well."""
    return np.convolve(dout, w, mode="valid"), _right(dout, x, w)[1]


@misconception
def cut_to_the_middle(dout: Array, x: Array, w: Array) -> Gradients:
    """Your dx has the length of dout, or of w: inputs at the edges are in few windows, but they get a gradient too."""
    return np.convolve(dout, w, mode="same"), _right(dout, x, w)[1]


@misconception
def dx_of_the_last_window(dout: Array, x: Array, w: Array) -> Gradients:
    """An x that lies in several windows kept what one of them gave: windows overlap, so add in the loop."""
    dx = np.zeros_like(x)
    for i, g in enumerate(dout):
        dx[i : i + len(w)] = g * w
    return dx, _right(dout, x, w)[1]


@misconception
def windows_in_one_place(dout: Array, x: Array, w: Array) -> Gradients:
    """All of your windows lie at the beginning of x: that of output i begins at x[i]."""
    dx = np.zeros_like(x)
    dx[: len(w)] = dout.sum() * w
    return dx, _right(dout, x, w)[1]


@misconception
def dw_reversed(dout: Array, x: Array, w: Array) -> Gradients:
    """dw is in reverse order: w[0] meets the first number of every window. (np.convolve reverses one of its arguments.)"""
    dx, dw = _right(dout, x, w)
    return dx, dw[::-1]


@misconception
def dout_reversed_in_dw(dout: Array, x: Array, w: Array) -> Gradients:
    """In dw, each window meets the upstream gradient of another one: dout is in reverse order there."""
    return np.convolve(dout, w), np.correlate(x, dout[::-1], mode="valid")


@misconception
def dw_of_the_first_window(dout: Array, x: Array, w: Array) -> Gradients:
    """dw collects from all windows: you took the first one alone."""
    return _right(dout, x, w)[0], dout[0] * x[: len(w)]


@misconception
def dw_of_the_last_window(dout: Array, x: Array, w: Array) -> Gradients:
    """dw collects from all windows: += in the loop, or the last one alone is left."""
    return _right(dout, x, w)[0], dout[-1] * x[-len(w) :]


@misconception
def last_window_missing(dout: Array, x: Array, w: Array) -> Gradients:
    """The last window is missing in both: there are m of them, and places are counted from 0."""
    return _right(np.concatenate([dout[:-1], [0.0]]), x, w)


@misconception
def dw_averaged(dout: Array, x: Array, w: Array) -> Gradients:
    """You averaged dw over the windows: the kernel is used in each of them, and the parts add up."""
    dx, dw = _right(dout, x, w)
    return dx, dw / len(dout)


@misconception
def dw_of_sums(dout: Array, x: Array, w: Array) -> Gradients:
    """For dw you added up dout and the windows separately, which mixes them: multiply in each window, then add."""
    windows = np.lib.stride_tricks.sliding_window_view(x, len(w))
    return _right(dout, x, w)[0], dout.sum() * windows.sum(axis=0)


@misconception
def dw_for_each_window(dout: Array, x: Array, w: Array) -> Gradients:
    """You have a row for each window: there is one kernel, and dw has its shape."""
    return _right(dout, x, w)[0], dout[:, None] * np.lib.stride_tricks.sliding_window_view(x, len(w))


@misconception
def upstream_ignored(dout: Array, x: Array, w: Array) -> Gradients:
    """Those are the gradients of the sum of y: each output counts with its own number of dout."""
    return _right(np.ones_like(dout), x, w)


@misconception
def gradients_swapped(dout: Array, x: Array, w: Array) -> Gradients:
    """The two are swapped: dx comes first."""
    dx, dw = _right(dout, x, w)
    return dw, dx


equivalent = {"swap operands: dout @ x[j:j + m] -> x[j:j + m] @ dout": "the dot product of two vectors has no order"}


@oracle(function="conv1d_matrix")
def jacobian(torch: Any, w: Any, n: int) -> Any:
    """PyTorch's Jacobian of its own convolution."""

    def convolve(x: Any) -> Any:
        return torch.nn.functional.conv1d(x[None, None], w[None, None])[0, 0]

    return torch.autograd.functional.jacobian(convolve, torch.zeros(n, dtype=w.dtype))


@oracle
def autograd(torch: Any, dout: Any, x: Any, w: Any) -> Any:
    """PyTorch's vector-Jacobian product of its own convolution."""

    def convolve(x: Any, w: Any) -> Any:
        return torch.nn.functional.conv1d(x[None, None], w[None, None])[0, 0]

    return torch.autograd.functional.vjp(convolve, (x, w), dout)[1]


def convolved(x: Array, w: Array) -> Array:
    """The forward pass."""
    return np.lib.stride_tricks.sliding_window_view(x, len(w)) @ w


convolved_by_x = derivative_of("x", part=0, upstream="dout")(convolved)
convolved_by_w = derivative_of("w", part=1, upstream="dout")(convolved)


def _zero_signal(w: Array, n: int) -> Array:
    return np.zeros(n)


@derivative_of("x", function="conv1d_matrix", at=_zero_signal)
def convolved_signal(w: Array, x: Array) -> Array:
    """The forward pass, whose Jacobian is the same at every x."""
    return convolved(x, w)


picture = figure(
    "T has a row for each place of the kernel. In a column stand the factors with which one x is in the outputs.",
    table(
        "T  (m, n) = (4, 6), for k = 3",
        [[f"w[{j - i}]" if 0 <= j - i < 3 else "0" for j in range(6)] for i in range(4)],
        rows=["y[0]", "y[1]", "y[2]", "y[3]"],
        columns=[f"x[{j}]" for j in range(6)],
        grounds=dict.fromkeys([(i, 2) for i in range(4)], THE_ONE),
    ),
    table("x  (n,) = (6,)", [[f"x[{j}]"] for j in range(6)], grounds={(2, 0): THE_ONE}),
    note="y = T @ x. The marked column has the factors with which x[2] is in each of the outputs.",
)


derivation = """
Written with a matrix, the sum for y[i] has the factor w[j - i] at x[j] where there is such a number in w, and 0 elsewhere:

    y = T @ x          T[i, j] = w[j - i]  for  0 <= j - i < k

So row i holds the kernel from place i on. All diagonals of T are constant; such a matrix is called a Toeplitz matrix. As for every
linear layer, the gradient of the input comes of the transpose:

    dx[j] = sum over i of T[i, j] * dout[i] = sum over i of w[j - i] * dout[i]

In this sum the index of w falls while that of dout grows: the kernel is slid along dout in reverse order, over the edges as well,
since x[0] is in one output alone. numpy calls just this `np.convolve(dout, w)`. For dw, leave out the matrix. w[j] is in every
y[i], and its factor there is x[i + j]:

    dw[j] = sum over i of dout[i] * x[i + j]

Here dout is slid along x as w was on the way forward, in its own order, and only where all of it lies on x. In code both are one
loop over j: w[j] joins the m numbers x[j], ..., x[j + m - 1] to the m outputs. That needs m * k products, and T has m * n entries.

The usual mistake is to forget that the order is reversed for dx, or to reverse it in dw too. A symmetric kernel hides the first.

    >>> conv1d_matrix(np.array([3.0, 5.0]), 4).tolist()
    [[3.0, 5.0, 0.0, 0.0], [0.0, 3.0, 5.0, 0.0], [0.0, 0.0, 3.0, 5.0]]
    >>> dout, x, w = np.array([1.0, 0.0, 2.0]), np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.0, 5.0])
    >>> [each.tolist() for each in conv1d_backward(dout, x, w)]
    [[3.0, 5.0, 6.0, 10.0], [7.0, 10.0]]
    >>> np.array_equal(conv1d_backward(dout, x, w)[0], conv1d_matrix(w, 4).T @ dout)
    True
"""
