"""Hidden checks for dead_units(X, W, b): which units of relu(X @ W + b) never fire on the data set X, shape (H,)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception

from ..drawing import NEGATIVE, figure, table

Array = NDArray[Any]
Data = tuple[Array, Array, Array]

hints = [
    "Compute all pre-activations at once, an array with one row per sample and one column per unit. What does the "
    "column of a unit that never fires look like?",
    "Compare the pre-activations with 0: that gives an array of booleans. Then combine each column into one boolean.",
    "A unit never fires if its pre-activation is at most 0 for ALL samples; the samples are axis 0.",
]

DEAD, RARE, OFTEN, ALWAYS = range(4)
"""Kinds of units: never fires; fires although its mean pre-activation is negative; mostly fires; always fires."""


def _data(rng: np.random.Generator, N: int, D: int, kinds: list[int]) -> Data:
    """Draw data for units of the given kinds, with no pre-activation close to 0 and biases that matter."""
    while True:
        X, W = rng.normal(size=(N, D)), rng.normal(size=(D, len(kinds)))
        products = X @ W
        low, high, middle = products.min(axis=0), products.max(axis=0), products.mean(axis=0)
        gap = rng.uniform(0.5, 1.5, size=len(kinds))
        threshold = np.select(
            [np.equal(kinds, kind) for kind in range(4)],
            [high + gap, (high + np.maximum(middle, 0)) / 2, (low + middle) / 2, low - gap],
        )
        b = -threshold
        z = products + b
        fires = (z > 0).any(axis=0)
        if np.abs(z).min() > 0.05 and (fires == (np.array(kinds) != DEAD)).all() and (N == 1 or (high > 0.1).all()):
            return X, W, b


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Data]:
    """finds the unit that never fires in the example on paper"""
    yield np.array([[1.0], [2.0]]), np.array([[1.0, 1.0]]), np.array([-1.5, -3.0])


@check(points=2.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Data]:
    """finds the units that never fire among units that fire always, often or rarely, whatever the order of samples"""
    X, W, b = _data(rng, 6, 3, [DEAD, RARE, OFTEN, ALWAYS])
    yield X, W, b
    yield X[rng.permutation(6)], W, b
    yield _data(rng, 9, 4, [OFTEN, DEAD, RARE, DEAD, ALWAYS])
    yield _data(rng, 5, 2, [ALWAYS, RARE, DEAD])


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Data]:
    """finds them where N, D and H are the same, so that a wrong axis gives the right shape"""
    yield _data(rng, 4, 4, [DEAD, RARE, DEAD, OFTEN])
    yield _data(rng, 3, 3, [ALWAYS, DEAD, RARE])


@check(points=1)
def edges(rng: np.random.Generator) -> Iterator[Data]:
    """is right for a single sample, or unit, for pre-activations of exactly 0, and for a unit that fires barely, or for one sample of many"""
    yield _data(rng, 1, 3, [DEAD, ALWAYS, DEAD, ALWAYS])
    # Small integers: every order of summation gives z = [[0, -1, 1, 5], [-3, -2, 0, 1]] exactly.
    X = np.array([[1.0, 2.0], [-2.0, 1.0]])
    W = np.array([[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 1.0]])
    b = np.array([-1.0, -3.0, -1.0, 2.0])
    yield X, W, b
    # The same units, whose pre-activations are all tiny: a power of 2 leaves the sums exact, and no tolerance is asked.
    yield 2.0**-500 * X, W, 2.0**-500 * b
    # Two units that fire barely, and for one sample alone; one that fires for a large sample; one that is at 0 for it.
    X = np.array([[1.0, 0.0], [-1.0, 2.0], [-2.0, -300.0]])
    yield X, np.array([[1e-9, 1e-3, 0.0, -1.0], [0.0, 0.0, -1.0, 0.0]]), np.array([0.0, 0.0, -250.0, -2.0])
    # One unit: one flag, in an array.
    yield _data(rng, 4, 3, [RARE])
    # Biases of 0, by which nothing can be divided: a dead unit, and one that fires for each sample.
    yield np.array([[-1.0], [-2.0]]), np.array([[1.0, -1.0]]), np.zeros(2)
    # In a batch of 150, unit 0 fires for one sample alone, unit 1 never does, and unit 2 often.
    X = rng.uniform(-1.0, 1.0, size=(150, 2))
    X[rng.integers(150), 0] = 3.0
    yield X, np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 0.5]]), np.array([-2.0, -2.0, 0.25])


@check(points=0.5, readonly=True)
def all_dead_or_none(rng: np.random.Generator) -> Iterator[Data]:
    """is right where all units are dead and where none is, in float32 as well, and does not write into its inputs"""
    yield _data(rng, 5, 2, [DEAD] * 3)
    yield _data(rng, 5, 3, [RARE, ALWAYS, OFTEN, RARE])
    X, W, b = _data(rng, 7, 2, [OFTEN, DEAD, RARE])
    yield X.astype(np.float32), W.astype(np.float32), b.astype(np.float32)


@misconception
def silent_for_one_sample(X: Array, W: Array, b: Array) -> Array:
    """A unit that is silent for one sample is not dead: it must be silent for every sample."""
    return np.any(X @ W + b <= 0, axis=0)


@misconception
def wrong_axis(X: Array, W: Array, b: Array) -> Array:
    """Combine over the samples, axis 0, for one flag per unit; you combined over the units, for one per sample."""
    return np.all(X @ W + b <= 0, axis=1)


@misconception
def bias_ignored(X: Array, W: Array, b: Array) -> Array:
    """Include the bias b: it is often a large negative bias that kills a unit."""
    return np.all(X @ W <= 0, axis=0)


@misconception
def always_active(X: Array, W: Array, b: Array) -> Array:
    """That marks the units that are ALWAYS active: compare with <= 0 instead of > 0."""
    return np.all(X @ W + b > 0, axis=0)


@misconception
def the_living(X: Array, W: Array, b: Array) -> Array:
    """That marks the units that do fire for some sample: asked are the others."""
    return np.any(X @ W + b > 0, axis=0)


@misconception
def negative_mean(X: Array, W: Array, b: Array) -> Array:
    """A pre-activation that is negative on average is not the same as one that is never positive."""
    return (X @ W + b).mean(axis=0) <= 0


@misconception
def first_sample_only(X: Array, W: Array, b: Array) -> Array:
    """You looked at the first sample alone: a unit that never fires is silent for all of them."""
    return X[0] @ W + b <= 0


@misconception
def negative_bias(X: Array, W: Array, b: Array) -> Array:
    """A negative bias alone does not silence a unit: its inputs count as well."""
    return b < 0


@misconception
def silent_up_to_a_tolerance(X: Array, W: Array, b: Array) -> Array:
    """A unit that fires barely does fire: no tolerance is asked, relu(z) is 0 or it is not."""
    return np.isclose(np.maximum(X @ W + b, 0).max(axis=0), 0)


@misconception
def zero_counts_as_firing(X: Array, W: Array, b: Array) -> Array:
    """A pre-activation of exactly 0 gives relu(0) = 0, so the unit does not fire: test z <= 0, not z < 0."""
    return np.all(X @ W + b < 0, axis=0)


picture = figure(
    "Pre-activations of two samples and two units: unit 0 is negative for sample 0 alone, unit 1 for both.",
    table(
        "X @ W + b  (N, H)",
        [["-0.5", "-2"], ["0.5", "-1"]],
        rows=["sample 0", "sample 1"],
        columns=["unit 0", "unit 1"],
        grounds={(0, 0): NEGATIVE, (0, 1): NEGATIVE, (1, 1): NEGATIVE},
    ),
    table(
        "relu of it",
        [["0", "0"], ["0.5", "0"]],
        columns=["unit 0", "unit 1"],
        grounds={(0, 0): NEGATIVE, (0, 1): NEGATIVE, (1, 1): NEGATIVE},
    ),
    note="The example on paper. A row is a sample, a column is a unit.",
)


derivation = """
Take the words of the task one by one. Unit k does not fire for sample n if its output is 0:

    relu(Z[n, k]) = 0     means     Z[n, k] <= 0     with     Z = X @ W + b

The comparison is `<=`, since relu(0) = 0. And the unit never fires if this holds for every sample:

    dead[k] = (Z[0, k] <= 0) and (Z[1, k] <= 0) and ... and (Z[N-1, k] <= 0)

Z has the shape (N, H). The samples are its rows, so they run along axis 0. `np.all(Z <= 0, axis=0)` combines over the
samples, and leaves one flag for each of the H units. With axis=1 it would combine over the units, and leave one flag for each
sample: another question.

The bias belongs to Z. numpy adds it to each row. A large negative bias is the most frequent reason why a unit is dead.

The usual mistake is `np.any`: it finds the units that are silent for some sample. Nearly every unit is, and that is what relu
is for. Such a unit still learns from the other samples.

    >>> X, W, b = np.array([[1.0], [2.0]]), np.array([[1.0, 1.0]]), np.array([-1.5, -3.0])
    >>> (X @ W + b <= 0).tolist(), dead_units(X, W, b).tolist()
    ([[True, True], [False, True]], [False, True])
"""


equivalent = {
    "clip: np.all(X @ W + b <= 0, axis=0) -> np.clip(np.all(X @ W + b <= 0, axis=0), -100, 100)": "of booleans 0 and 1",
}
