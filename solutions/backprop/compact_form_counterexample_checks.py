"""Hidden checks for counterexample() and coincidence(): any batches for which the compact form is wrong, and right.

A batch has the sizes that its student chose, and what a child returns is held to the form of the reference's answer. So
the drivers write a batch into one array of a fixed shape, sizes included, and the judges take it out again: it is they
who run both formulas, in the trusted process.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception

Array = NDArray[np.float64]
Batch = tuple[Array, Array, Array, Array]

equivalent = {
    "change constant: np.random.default_rng(0) -> np.random.default_rng(1)": "any random batch will do",
}

hints = [
    "Numpy multiplies the first factor, (D, 1), with the mask, (N, H), wherever N and D let it; but which N gives a "
    "product with the shape of W?",
    "In the compact form, row j of the mask belongs to weight j, but what you compute there is the mask of sample "
    "j. When is it all the same which sample a mask belongs to? When would the sum over the samples factor out?",
    "Take N = D = 2. For the coincidence, let both samples have the same active units and the same upstream "
    "gradient; for the counterexample let a unit be active for one sample and dead for the other, or let the "
    "upstream gradients differ.",
]


# The source of drivers and judges travels: each may use its arguments, builtins and np alone.


def sizes_of_batch(construct: "Callable[[], Batch]") -> "NDArray[np.int64]":
    """Return a row for each array of the batch: its number of axes, and its sizes; -1 where there is none."""
    sizes = np.full((4, 3), -1)
    batch = construct()
    if isinstance(batch, tuple | list) and len(batch) == 4:
        for row, part in zip(sizes, batch, strict=True):
            shape = np.shape(part)
            row[0] = len(shape)
            row[1 : 1 + len(shape[:2])] = shape[:2]
    return sizes


def padded_batch(construct: "Callable[[], Batch]") -> "Array":
    """Return five layers (8, 8): the sizes of the four arrays, as above, and the arrays, cut off and padded."""
    layers = np.zeros((5, 8, 8))
    layers[0, :4, :3] = -1
    batch = construct()
    if isinstance(batch, tuple | list) and len(batch) == 4:
        for index, part in enumerate(batch):
            array = np.asarray(part, dtype=np.float64)
            layers[0, index, 0] = array.ndim
            layers[0, index, 1 : 1 + len(array.shape[:2])] = array.shape[:2]
            if array.ndim in (1, 2):
                kept = (array if array.ndim == 2 else array[None])[:8, :8]
                layers[1 + index, : kept.shape[0], : kept.shape[1]] = kept
    return layers


def shapes_fit(returned: "NDArray[np.int64]") -> str | None:
    """Return None if the compact form has the shape of W, else a sentence that names the condition that fails."""
    if (returned[:, 0] == -1).all():
        return "Return a tuple of four arrays, (X, W, wout, upstream)."
    for name, axes, wanted in zip(("X", "W", "wout", "upstream"), returned[:, 0], (2, 2, 1, 1), strict=True):
        if axes != wanted:
            return (
                f"{name} must have {wanted} axes, not {axes}."
                if wanted == 2
                else f"{name} must have 1 axis, not {axes}."
            )
    (N, D), (rows, H) = returned[0, 1:], returned[1, 1:]
    if rows != D:
        return f"X has {D} columns and W {rows} rows; X @ W needs as many of one as of the other."
    if returned[2, 1] != H:
        return f"wout must have an entry for each of the {H} columns of W, not {returned[2, 1]} entries."
    if returned[3, 1] != N:
        return f"upstream must have an entry for each of the {N} samples, not {returned[3, 1]} entries."
    if N < 2:
        return "Take 2 samples or more: with one, there is no sum over samples that could go wrong."
    if min(D, H) < 1 or max(N, D, H) > 8:
        return "N, D and H must be at least 1 and at most 8."
    if N != D:
        return f"N = {N}, D = {D}: the mask is (N, H) and W is (D, H), so the product does not have the shape of W."
    return None


def compact_form_is_wrong(returned: "Array") -> str | None:
    """Return None if the compact form of the batch has the shape of W and is not the gradient."""
    sizes = np.clip(returned[0, :4, :3], -1, 99).astype(int)
    (N, D), (rows, H) = sizes[0, 1:], sizes[1, 1:]
    fits = (sizes[:, 0] == [2, 2, 1, 1]).all() and rows == D == N and sizes[2, 1] == H and sizes[3, 1] == N
    if not (fits and 2 <= N <= 8 and 1 <= H <= 8):
        return "The shapes do not fit, so the compact form does not have the shape of W: see the check of the shapes."
    if np.abs(returned[1:]).max() > 1000:
        return "All entries must be between -1000 and 1000."
    X, W, wout, upstream = returned[1, :N, :D], returned[2, :D, :H], returned[3, 0, :H], returned[4, 0, :N]
    compact = X.sum(axis=0)[:, None] * (X @ W > 0) * wout * upstream[:, None]
    right = sum(np.outer(X[n], upstream[n] * wout * (X[n] @ W > 0)) for n in range(N))
    if np.abs(compact - right).max() > 1e-3 * max(np.abs(compact).max(), np.abs(right).max()):
        return None
    active = X @ W > 0
    if not active.any():
        return "No unit is active for any sample, so that both formulas give 0: the compact form is right here."
    why = [
        "every sample has the same active units" if (active == active[0]).all() else "",
        "upstream is the same for every sample" if (upstream == upstream[0]).all() else "",
    ]
    facts = " and ".join(fact for fact in why if fact)
    return "The compact form is right for this batch" + (f", in which {facts}." if facts else ".")


def compact_form_is_right(returned: "Array") -> str | None:
    """Return None if the compact form of the batch has the shape of W and is the gradient, which is not 0."""
    sizes = np.clip(returned[0, :4, :3], -1, 99).astype(int)
    (N, D), (rows, H) = sizes[0, 1:], sizes[1, 1:]
    names = ("X", "W", "wout", "upstream")
    if (sizes[:, 0] == -1).all():
        return "Return a tuple of four arrays, (X, W, wout, upstream)."
    for name, axes, wanted in zip(names, sizes[:, 0], (2, 2, 1, 1), strict=True):
        if axes != wanted:
            return f"{name} has another number of axes than {wanted}."
    if rows != D or sizes[2, 1] != H or sizes[3, 1] != N:
        return "The sizes of X (N, D), W (D, H), wout (H,) and upstream (N,) do not fit together."
    if not (2 <= N <= 8 and 1 <= D <= 8 and 1 <= H <= 8):
        return "Take 2 samples or more; N, D and H must be at most 8."
    if N != D:
        return "N and D differ: the mask is (N, H) and W is (D, H), so here the product does not have the shape of W."
    if np.abs(returned[1:]).max() > 1000:
        return "All entries must be between -1000 and 1000."
    X, W, wout, upstream = returned[1, :N, :D], returned[2, :D, :H], returned[3, 0, :H], returned[4, 0, :N]
    compact = X.sum(axis=0)[:, None] * (X @ W > 0) * wout * upstream[:, None]
    right = sum(np.outer(X[n], upstream[n] * wout * (X[n] @ W > 0)) for n in range(N))
    largest = max(np.abs(compact).max(), np.abs(right).max())
    if largest == 0:
        return "Both formulas give 0 everywhere: let a gradient reach W."
    off = np.argwhere(np.abs(compact - right) > 1e-9 * largest)
    if not len(off):
        return None
    active = X @ W > 0
    why = [
        "" if (active == active[0]).all() else "the samples do not all have the same active units",
        "" if (upstream == upstream[0]).all() else "upstream is not the same for every sample",
    ]
    facts = " and ".join(fact for fact in why if fact)
    return f"The compact form is wrong here, at entry {off[0].tolist()} first" + (f": {facts}." if facts else ".")


@check(points=1, public=True, function="counterexample", driver=sizes_of_batch, judge=shapes_fit)
def shapes_of_the_counterexample(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """counterexample: the shapes fit, there are 2 samples or more, and the compact form has the shape of W"""
    yield ()


@check(points=5, function="counterexample", driver=padded_batch, judge=compact_form_is_wrong)
def counterexample_is_one(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """counterexample: the compact form is not the gradient with respect to W"""
    yield ()


@check(points=4, function="coincidence", driver=padded_batch, judge=compact_form_is_right)
def coincidence_is_one(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """coincidence: the shapes fit, and the compact form is the gradient with respect to W"""
    yield ()


_W = np.array([[1.0, -1.0, 0.5], [0.0, 0.25, 1.0]])
_WOUT = np.array([1.0, -2.0, 3.0])


@misconception(function="counterexample")
def other_sizes() -> Batch:
    """With N and D different, the mask (N, H) does not have the shape of W (D, H): choose N = D."""
    return np.array([[1.0, 2.0], [3.0, -4.0], [-5.0, 6.0]]), _W, _WOUT, np.array([1.0, 2.0, 3.0])


@misconception(function="counterexample")
def one_sample() -> Batch:
    """With one sample there is no sum over samples, and the compact form is always right: take two."""
    return np.array([[1.0, 2.0]]), _W, _WOUT, np.array([1.0])


@misconception(function="counterexample")
def collinear_samples() -> Batch:
    """[10, 20] is 10 times [1, 2]: their active units are the same, so with one upstream the compact form is right."""
    return np.array([[1.0, 2.0], [10.0, 20.0]]), _W, _WOUT, np.ones(2)


@misconception(function="counterexample")
def all_units_active() -> Batch:
    """With every unit active for every sample there is no mask to go wrong: then the upstream gradients must differ."""
    return np.array([[1.0, 2.0], [3.0, 4.0]]), np.ones((2, 3)), _WOUT, np.ones(2)


@misconception(function="counterexample")
def diagonal_samples() -> Batch:
    """If X is diagonal, each row of W meets one sample only, and the compact form is right with any masks."""
    return np.eye(2), _W, _WOUT, np.array([1.0, 2.0])


@misconception(function="coincidence")
def upstream_of_zero() -> Batch:
    """An upstream gradient of 0 makes any formula right; let a gradient reach W."""
    return np.array([[1.0, 2.0], [3.0, -4.0]]), _W, _WOUT, np.zeros(2)


@misconception(function="coincidence")
def masks_alone_alike() -> Batch:
    """The same active units are not enough: the upstream gradient must factor out of the sum over the samples too."""
    return np.array([[1.0, 2.0], [10.0, 20.0]]), _W, _WOUT, np.array([1.0, 2.0])


@misconception(function="coincidence")
def upstream_alone_alike() -> Batch:
    """The same upstream gradient is not enough: each sample has a mask of its own, and these differ."""
    return np.array([[1.0, 2.0], [3.0, -4.0]]), _W, _WOUT, np.ones(2)


derivation = """
Write both forms for one entry. Call the mask M, with M[n, k] = 1 where X @ W is above 0:

    right[j, k]   = sum over n of X[n, j] * upstream[n] * M[n, k] * wout[k]
    compact[j, k] = (sum over n of X[n, j]) * upstream[j] * M[j, k] * wout[k]

In the right one, each sample's inputs meet that sample's mask and upstream gradient. In the compact one, the inputs are added
first. Then the factors of the samples are lined up with the rows, which are inputs. That runs only where N = D, as numpy
cannot know that the axis means samples in one factor and inputs in the other.

So, for a counterexample, take N = D, and samples that differ. A sum of products is not the product of a sum with something
else, so nearly every batch of random numbers will do. The code draws one with a fixed seed.

For a coincidence: the two agree where upstream and mask are the same for all samples. Then they may be taken out of the sum:

    right[j, k] = upstream * M[k] * wout[k] * (sum over n of X[n, j]) = compact[j, k]

The code takes ones everywhere. All pre-activations are then 2, so all units are active, and no entry of the result is 0.

The usual mistake is a counterexample that numpy does not multiply, with N different from D, or one where all gates are closed,
so that both forms are 0. The point is a wrong result that nothing warns of.

    >>> X, W, wout, upstream = counterexample()
    >>> M = X @ W > 0
    >>> compact = X.sum(axis=0)[:, None] * M * wout * upstream[:, None]
    >>> compact.shape == W.shape, bool(np.allclose(compact, X.T @ (upstream[:, None] * wout * M)))
    (True, False)
"""
