"""Hidden checks for dead_unit_gradients(dout, X, W, b): (dW, db, frozen) of the layer relu(X @ W + b)."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import masks

Array = NDArray[Any]
Layer = tuple[Array, Array, Array, Array]
Answer = tuple[Array, Array, Array]

hints = [
    "Begin with Z: for which samples is the gate of a unit open? Where it is closed, what is left of dout?",
    "Call what passes the gates dZ, of shape (N, H). W and b both stand before the gate, so both gradients are made of dZ:"
    " which of its axes has to go, and how?",
    "dout is one of many that the rest of the net could hand back. Frozen is decided by the gates alone: how many samples"
    " have to find them closed?",
]


# The source of a driver, and of the way that a check rules out, travels: each may use its arguments, builtins and np alone.


def some_entries(function: Any, dout: "Array", X: "Array", w: "Array", v: "Array") -> Any:
    """Return every so many entries, for a W of the entries of w over and over, and a b that is made here."""
    returned = function(dout, X, np.resize(w, (X.shape[1], len(v))), np.cos(v))
    dW, db, frozen = (returned[name] for name in ("dW", "db", "frozen")) if isinstance(returned, dict) else returned
    return np.asarray(dW)[::37, ::29], np.asarray(db)[::29], np.asarray(frozen)[::29]


def tensor_with_four_axes(dout: "Array", X: "Array", W: "Array", b: "Array") -> "Answer":
    """Contract d out / d W, which does not fit into memory for a large layer."""
    gate = X @ W + b > 0
    T = np.zeros((*dout.shape, *W.shape))
    for k in range(len(b)):
        T[:, k, :, k] = gate[:, k, None] * X
    return np.einsum("nk,nkjl->jl", dout, T), (dout * gate).sum(axis=0), ~np.any(gate, axis=0)


def _layer(rng: np.random.Generator, N: int, D: int, H: int) -> Layer:
    """Draw a layer in which unit 0 is dead, unit 1 fires for one sample alone, and the others for some.

    No pre-activation is close to the kink, the bias decides about some, and dout has both signs behind open gates.
    """
    while True:
        X, W = rng.normal(size=(N, D)), rng.normal(size=(D, H))
        products = np.sort(X @ W, axis=0)
        b = -(products[N // 2] + products[N // 2 - 1]) / 2 + rng.uniform(-0.2, 0.2, size=H)
        b[0] = -products[-1, 0] - rng.uniform(0.5, 1.5)
        b[1] = -(products[-1, 1] + products[-2, 1]) / 2
        Z = X @ W + b
        dout = rng.uniform(0.3, 2.0, size=(N, H)) * rng.choice([-1.0, 1.0], size=(N, H))
        open_gates = Z > 0
        mixed = 0 < open_gates[:, 2:].sum() < open_gates[:, 2:].size and (dout < 0)[open_gates].any()
        decides = ((X @ W > 0) != open_gates)[:, 1:].any()
        if np.abs(Z).min() > 0.03 and mixed and decides and Z[:, 1].mean() < 0 and not open_gates.all(axis=1).any():
            return dout, X, W, b


@check(parts={"dW": 0, "db": 0, "frozen": 0}, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the gradients and the frozen unit of the example on paper"""
    yield (
        np.array([[3.0, 4.0], [5.0, 6.0]]),
        np.array([[1.0], [2.0]]),
        np.array([[1.0, 1.0]]),
        np.array([-1.5, -3.0]),
    )


@check(parts={"dW": 0.75, "db": 1, "frozen": 1})
def any_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives all three for batches and layers of any size"""
    for N, D, H in [(5, 2, 4), (6, 5, 3), (4, 3, 5)]:
        yield _layer(rng, N, D, H)


@check(parts={"dW": 0.25, "db": 0.25, "frozen": 0.25})
def equal_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives all three where N, D and H are the same, so that a wrong axis or product has the right shape"""
    yield _layer(rng, 4, 4, 4)
    yield _layer(rng, 3, 3, 3)


@check(parts={"dW": 0.25, "db": 0.25, "frozen": 1})
def edges(rng: np.random.Generator) -> Iterator[Layer]:
    """is right where a pre-activation is 0, a unit fires barely or for one sample of many, and dout is 0 or cancels; for one sample or unit"""
    # Small integers: every order of summation gives Z = [[0, -1, 1, 5], [-3, -2, 0, 1]] exactly, and with the next b
    # [[-1, 0, 0, 2], [-4, -1, -1, -2]].
    X = np.array([[1.0, 2.0], [-2.0, 1.0]])
    W = np.array([[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 1.0]])
    dout = rng.uniform(0.5, 2.0, size=(2, 4)) * np.array([[-1.0, 1.0, 1.0, -1.0], [1.0, -1.0, 1.0, 1.0]])
    b = np.array([-1.0, -3.0, -1.0, 2.0])
    yield dout, X, W, b
    # The same gates, with pre-activations that are all tiny: a power of 2 leaves the sums exact, and no tolerance is asked.
    yield dout, 2.0**-500 * X, W, 2.0**-500 * b
    yield dout, X, W, np.array([-2.0, -2.0, -2.0, -1.0])
    # Units that fire barely, for one sample alone; beside them a dead one, and one that fires for one sample clearly.
    X = np.array([[1.0, 0.0], [-1.0, 2.0], [-2.0, -3.0]])
    W = np.array([[1e-9, 1e-3, 0.5, 0.5], [0.0, 0.0, 0.0, 0.0]])
    yield rng.normal(size=(3, 4)), X, W, np.array([0.0, 0.0, -3.0, 0.0])
    yield rng.normal(size=(3, 3)), X, np.array([[0.0, -1.0, 0.5], [1e-6, 0.0, 0.0]]), np.array([0.0, -2.0, 0.0])
    # In a batch of 150, unit 0 fires for one sample alone, unit 1 never does, and unit 2 often.
    X = rng.uniform(-1.0, 1.0, size=(150, 2))
    X[rng.integers(150), 0] = 3.0
    yield rng.normal(size=(150, 3)), X, np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 0.5]]), np.array([-2.0, -2.0, 0.25])
    # Nothing is handed back, to one unit or to any; and what is handed back cancels, in db alone.
    dout, X, W, b = _layer(rng, 5, 3, 4)
    dout[:, 2] = 0.0
    yield dout, X, W, b
    yield 0 * dout, X, W, b
    yield np.array([[1.5, 2.0], [-1.5, 3.0]]), np.array([[1.0], [3.0]]), np.array([[1.0, -2.0]]), np.array([0.5, 1.0])
    # A sample of zeros: it moves the bias and not the weights.
    yield np.array([[2.5, -1.5, 0.5]]), np.zeros((1, 2)), rng.normal(size=(2, 3)), np.array([0.5, -1.0, 2.0])
    # One unit, which fires for two samples of three.
    X = np.array([[1.0, -2.0], [0.5, 1.0], [-1.5, 2.0]])
    yield rng.uniform(0.5, 2.0, size=(3, 1)), X, np.array([[2.0], [0.5]]), np.array([-0.5])


@check(parts={"dW": 0.25, "db": 0.15, "frozen": 0.1}, readonly=True)
def scaled(rng: np.random.Generator) -> Iterator[Layer]:
    """stays right for huge and tiny upstream gradients and inputs, and does not write into its arguments"""
    dout, X, W, b = _layer(rng, 4, 2, 3)
    yield 1e9 * dout, X, W, b
    yield 1e-9 * dout, X, W, b
    yield dout, 1e7 * X, W, 1e7 * b


@check(parts={"dW": 0.5, "db": 0, "frozen": 0}, driver=some_entries, long_way=tensor_with_four_axes)
def real_size(rng: np.random.Generator) -> Iterator[Layer]:
    """takes a layer with 100 inputs and 1200 units in good time, and in the memory that there is"""
    yield rng.normal(size=(2, 1200)), rng.normal(size=(2, 100)), rng.normal(size=1201), 3 * rng.normal(size=1200)


def _gate(X: Array, W: Array, b: Array) -> Array:
    return X @ W + b > 0


def _with_gate(gate: Array, dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """Return the answer with another gate for the gradients."""
    return X.T @ (dout * gate), (dout * gate).sum(axis=0), ~np.any(_gate(X, W, b), axis=0)


def _with_frozen(frozen: Array, dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """Return the right gradients with other flags."""
    return (*_with_gate(_gate(X, W, b), dout, X, W, b)[:2], frozen)


@misconception
def bias_past_the_gate(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """The bias stands before relu as well: only what passes the gate reaches it."""
    dW, _, frozen = _with_gate(_gate(X, W, b), dout, X, W, b)
    return dW, dout.sum(axis=0), frozen


@misconception
def weights_past_the_gate(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """db has the gate, dW has not: the weights stand before relu as well."""
    _, db, frozen = _with_gate(_gate(X, W, b), dout, X, W, b)
    return X.T @ dout, db, frozen


@misconception
def bias_ignored(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """The gate looks at the whole pre-activation: include the bias, which is often what kills a unit."""
    return _with_gate(X @ W > 0, dout, X, W, b)


@misconception
def gate_from_dout(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """You let the positive entries of dout through: whether a gate is open was decided on the way forward."""
    return _with_gate(dout > 0, dout, X, W, b)


@misconception
def both_gates(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """A negative upstream gradient passes an open gate like any other: only the pre-activation decides."""
    return _with_gate(_gate(X, W, b) & (dout > 0), dout, X, W, b)


@misconception
def upstream_dropped(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """That is the derivative of the outputs: the gradient of the loss begins with dout."""
    return _with_gate(_gate(X, W, b), np.ones_like(dout), X, W, b)


@misconception
def mean_over_the_batch(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """The loss is a sum over the batch: you divided its gradients by N."""
    dW, db, frozen = _with_gate(_gate(X, W, b), dout, X, W, b)
    return dW / len(X), db / len(X), frozen


@misconception
def frozen_by_dW(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """A gradient of 0 may come of a dout that is 0, of terms that cancel, or of inputs that are 0: frozen is a unit that no
    dout could move."""
    dW, _, _ = _with_gate(_gate(X, W, b), dout, X, W, b)
    return _with_frozen(np.all(dW == 0, axis=0), dout, X, W, b)


@misconception
def frozen_by_db(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """A gradient of 0 may come of a dout that is 0, of terms that cancel, or of inputs that are 0: frozen is a unit that no
    dout could move."""
    _, db, _ = _with_gate(_gate(X, W, b), dout, X, W, b)
    return _with_frozen(db == 0, dout, X, W, b)


@misconception
def frozen_by_both(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """A gradient of 0 may come of a dout that is 0, of terms that cancel, or of inputs that are 0: frozen is a unit that no
    dout could move."""
    dW, db, _ = _with_gate(_gate(X, W, b), dout, X, W, b)
    return _with_frozen(np.all(dW == 0, axis=0) & (db == 0), dout, X, W, b)


@misconception
def kink_counts_as_open(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """A pre-activation of exactly 0 passes nothing back, as relu'(0) = 0: such a sample does not save a unit."""
    return _with_frozen(np.all(X @ W + b < 0, axis=0), dout, X, W, b)


@misconception
def barely_counts_as_closed(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """A unit that fires barely passes its gradient whole: relu has no small slope, and no tolerance is asked."""
    return _with_frozen(np.all(X @ W + b <= 1e-2, axis=0), dout, X, W, b)


@misconception
def closed_for_one_sample(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """A unit that is silent for one sample still learns from the others: frozen is one that is silent for each."""
    return _with_frozen(np.any(X @ W + b <= 0, axis=0), dout, X, W, b)


@misconception
def frozen_along_the_other_axis(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """frozen has one flag for each unit; you combined over the units, which makes one for each sample."""
    return _with_frozen(np.all(X @ W + b <= 0, axis=1), dout, X, W, b)


@misconception
def the_living(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """You marked the units that learn: asked are the others."""
    return _with_frozen(np.any(_gate(X, W, b), axis=0), dout, X, W, b)


@misconception
def negative_mean(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """A pre-activation that is negative on average is positive for some sample, perhaps, and from that one the unit
    learns."""
    return _with_frozen((X @ W + b).mean(axis=0) <= 0, dout, X, W, b)


@misconception
def negative_bias(dout: Array, X: Array, W: Array, b: Array) -> Answer:
    """A negative bias alone does not close a gate: the inputs count as well."""
    return _with_frozen(b < 0, dout, X, W, b)


def _with_mask(mask: Callable[[Array], Array], dout: Array, X: Array, W: Array, b: Array) -> Answer:
    return _with_gate(mask(X @ W + b), dout, X, W, b)


# Without a mask, weights_past_the_gate and bias_past_the_gate are both told.
wrong_masks = masks(_with_mask, but=["no_mask"])

equivalent = {
    "clip: ~np.any(gate, axis=0) -> np.clip(~np.any(gate, axis=0), -100, 100)": "of booleans 0 and 1",
}


@oracle
def autograd(torch: Any, dout: Any, X: Any, W: Any, b: Any) -> Any:
    """PyTorch's gradients; a unit is frozen if those for a dout of ones are 0, for each sample alone."""

    def backward(dout: Any, X: Any) -> Any:
        return torch.autograd.functional.vjp(lambda W, b: torch.relu(X @ W + b), (W, b), dout)[1]

    # Of ones alone no terms cancel in db.
    _, of_ones = backward(torch.ones_like(dout), X)
    return (*backward(dout, X), of_ones == 0)


def _layer_out(X: Array, W: Array, b: Array) -> Array:
    return np.maximum(X @ W + b, 0)


out_by_W = derivative_of("W", part="dW", upstream="dout")(_layer_out)
out_by_b = derivative_of("b", part="db", upstream="dout")(_layer_out)


derivation = """
First through relu: the upstream gradient of an entry passes where its gate is open, and is 0 elsewhere:

    dZ[n, k] = dout[n, k] * (1 if Z[n, k] > 0 else 0)

Then through Z[n, k] = sum over j of X[n, j] * W[j, k] + b[k]. The weight W[j, k] takes part in Z[n, k] with the factor
X[n, j], the bias b[k] with the factor 1, and both do so for every sample n. The loss is a sum over the batch, so the parts of
the samples are added up:

    dW[j, k] = sum over n of X[n, j] * dZ[n, k]     which is X.T @ dZ
    db[k]    = sum over n of dZ[n, k]               which is dZ.sum(axis=0)

In both the sum runs over the samples, axis 0 of dZ. Weights and bias stand before the gate: so both get dZ, and not dout.

Now `frozen`. In column k of dZ every entry has a factor gate[n, k]. If all of these are 0, then dW[:, k] and db[k] are 0 for
any dout. If one gate is open, a dout that is 1 there and 0 elsewhere makes db[k] = 1, so the unit can learn. So frozen means:
no gate of the column is open, `~np.any(gate, axis=0)`.

The usual mistake is to look for zeros in dW or db. These can be 0 for other reasons: this dout may be 0 there, or the terms
of two samples may cancel. With another dout the unit would learn.

    >>> dout, X, W, b = np.array([[1.0], [-1.0]]), np.ones((2, 1)), np.ones((1, 1)), np.zeros(1)
    >>> dW, db, frozen = dead_unit_gradients(dout, X, W, b)
    >>> db.tolist(), frozen.tolist()
    ([0.0], [False])
"""
