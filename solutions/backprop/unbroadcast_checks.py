"""Hidden checks for unbroadcast(grad, shape): the gradient with respect to an operand, given that of its broadcast
form."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..drawing import THE_ONE, figure, stack, table


Array = NDArray[np.float64]
Shape = tuple[int, ...]
Case = tuple[Array, Shape]

hints = [
    "Follow one entry of the operand: which entries of the broadcast result was it copied to? Their gradients add up.",
    "Two kinds of axes need a sum: those on the left that the operand does not have, and those where the operand "
    "has size 1. Write down which axes of `grad` they are for the shapes (4, 2, 3) and (2, 1).",
    "First sum over the leading axes, as many as grad.ndim - len(shape); then over each axis where `shape` has a 1, "
    "with keepdims=True, so that the 1 stays.",
]


def _cases(rng: np.random.Generator, *shapes: tuple[Shape, Shape]) -> Iterator[Case]:
    """Draw a gradient for each pair of a broadcast shape and the operand's."""
    for broadcast, operand in shapes:
        # Off 0 on average: a sum and a mean that happen to be near 0 would be alike.
        yield rng.uniform(-0.5, 1.5, size=broadcast), operand


@check(points=1, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Case]:
    """gives the gradients with respect to a row, a column, and an operand that was not broadcast"""
    grad = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    yield grad, (3,)
    yield grad, (2, 1)
    yield grad, (2, 3)


@check(points=2.5)
def added_axes(rng: np.random.Generator) -> Iterator[Case]:
    """sums over axes that were added on the left, one or several"""
    yield from _cases(rng, ((4, 3), (3,)), ((2, 4, 3), (3,)), ((2, 4, 3), (4, 3)), ((2, 3, 5, 4), (5, 4)))


@check(points=2)
def stretched_axes(rng: np.random.Generator) -> Iterator[Case]:
    """sums over axes that were stretched, one or several, and keeps them with size 1"""
    yield from _cases(
        rng, ((4, 3), (1, 3)), ((4, 3), (4, 1)), ((4, 3), (1, 1)), ((2, 4, 3), (2, 1, 3)), ((2, 4, 3), (1, 4, 1))
    )


@check(points=2)
def added_and_stretched(rng: np.random.Generator) -> Iterator[Case]:
    """handles axes that were added and axes that were stretched at once"""
    yield from _cases(rng, ((2, 4, 3), (4, 1)), ((2, 4, 3), (1, 3)), ((2, 3, 5, 4), (1, 5, 1)), ((4, 3), (1,)))


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Case]:
    """sums over the right axes where all sizes are the same, so that a wrong sum has the right shape"""
    yield from _cases(rng, ((3, 3), (3,)), ((3, 3), (3, 1)), ((3, 3), (1, 3)), ((3, 3, 3), (3, 3)))


@check(points=1)
def single_numbers(rng: np.random.Generator) -> Iterator[Case]:
    """gives one number for an operand of shape (), and keeps axes of size 1 that were not stretched"""
    yield from _cases(rng, ((4,), ()), ((2, 4, 3), ()), ((1, 4), (1, 4)), ((1, 1, 3), (1, 3)), ((4, 1), (1, 1)))


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Case]:
    """does not write into grad, and is as accurate as it is, float32 included"""
    yield from _cases(rng, ((2, 4, 3), (1, 3)), ((4, 3), (4, 3)))
    yield 1e-15 * rng.uniform(0.5, 1.5, size=(3, 4)), (4,)
    yield 1e9 * rng.uniform(0.5, 1.5, size=(3, 4)), (3, 1)
    # Multiples of 1/4: float32 holds their sums exactly.
    yield (rng.integers(1, 9, size=(5, 2, 3)) / 4).astype(np.float32), (2, 1)


def _added(grad: Array, shape: Shape) -> tuple[int, ...]:
    return tuple(range(grad.ndim - len(shape)))


def _ones(shape: Shape) -> tuple[int, ...]:
    return tuple(axis for axis, size in enumerate(shape) if size == 1)


@misconception
def axis_0_always(grad: Array, shape: Shape) -> Array:
    """You sum over axis 0, whatever `shape` is. Sum over EVERY axis that was added or stretched, and over no other."""
    return np.asarray(grad.sum(axis=0))


@misconception
def first_axis_only(grad: Array, shape: Shape) -> Array:
    """You sum over axis 0 alone. Sum over EVERY axis that was added or stretched, and keep stretched axes as size 1."""
    if grad.shape == shape:
        return grad
    return np.asarray(grad.sum(axis=0, keepdims=grad.ndim == len(shape)))


@misconception
def no_keepdims(grad: Array, shape: Shape) -> Array:
    """Axes of size 1 must stay: sum over stretched axes with keepdims=True."""
    return np.asarray(grad.sum(axis=_added(grad, shape)).sum(axis=_ones(shape)))


@misconception
def trailing_axes(grad: Array, shape: Shape) -> Array:
    """Broadcasting adds axes on the LEFT; you summed the trailing ones."""
    added = tuple(range(len(shape), grad.ndim))
    return np.asarray(grad.sum(axis=added).sum(axis=_ones(shape), keepdims=True))


@misconception
def mean_of_the_copies(grad: Array, shape: Shape) -> Array:
    """A value that is used k times collects the SUM of k gradients, not their mean."""
    return np.asarray(grad.mean(axis=_added(grad, shape)).mean(axis=_ones(shape), keepdims=True))


@misconception
def first_copy_only(grad: Array, shape: Shape) -> Array:
    """You kept the gradient of one copy and threw those of the others away: they add up."""
    kept = grad[(0,) * len(_added(grad, shape))]
    return np.asarray(kept[tuple(slice(0, 1) if size == 1 else slice(None) for size in shape)])


@misconception
def added_axes_only(grad: Array, shape: Shape) -> Array:
    """Axes where the operand has size 1 were stretched: sum over them too, not only over the added ones."""
    return np.asarray(grad.sum(axis=_added(grad, shape)))


@misconception
def sum_of_everything(grad: Array, shape: Shape) -> Array:
    """You added up all gradients; each entry of the operand collects those of its own copies alone."""
    return np.full(shape, grad.sum())


@misconception
def stretched_axes_only(grad: Array, shape: Shape) -> Array:
    """Axes that the operand does not have were added on the left: sum over them too, not only over the stretched ones."""
    added = len(_added(grad, shape))
    return np.asarray(grad.sum(axis=tuple(added + axis for axis in _ones(shape)), keepdims=True))


@misconception
def axis_0_if_shapes_differ(grad: Array, shape: Shape) -> Array:
    """You sum over axis 0, whatever `shape` is. Sum over EVERY axis that was added or stretched, and over no other."""
    return grad if grad.shape == shape else np.asarray(grad.sum(axis=0))


@misconception
def reshape_mixes(grad: Array, shape: Shape) -> Array:
    """reshape counts entries in their order, and mixes those of different copies: sum over the stretched axis itself."""
    return np.asarray(grad.reshape(-1, *shape).sum(axis=0))


def any_operand(shape: Shape) -> Array:
    """An operand of that shape; the broadcast is linear, so that any will do."""
    return np.zeros(shape)


@derivative_of("operand", upstream="grad", at=any_operand)
def broadcast(operand: Array, grad: Array) -> Array:
    """The operand in the shape of the gradient."""
    return np.broadcast_to(operand, grad.shape)


@oracle
def autograd(torch: Any, grad: Any, shape: Shape) -> Any:
    """PyTorch's vector-Jacobian product of the broadcast."""
    operand = torch.zeros(shape, dtype=torch.float64)
    return torch.autograd.functional.vjp(lambda each: each.expand(grad.shape), operand, grad)[1]


picture = figure(
    "What broadcasting does to two operands: (3,) is repeated along an added axis, (2, 1) along its axis of size 1.",
    stack(
        table("shape (3,)", [["a0", "a1", "a2"]], grounds={(0, 1): THE_ONE}),
        table("shape (2, 1)", [["a0"], ["a1"]], grounds={(0, 0): THE_ONE}),
    ),
    stack(
        table("in the sum: (2, 3)", [["a0", "a1", "a2"]] * 2, grounds={(0, 1): THE_ONE, (1, 1): THE_ONE}),
        table("in the sum: (2, 3)", [["a0"] * 3, ["a1"] * 3], grounds={(0, i): THE_ONE for i in range(3)}),
    ),
    note="The way forward. On the way back a gradient arrives at every copy.",
)


derivation = """
Take the smallest case: a has shape (3,), B has shape (2, 3), and C = a + B. Broadcasting uses a[k] in each row:

    C[0, k] = a[k] + B[0, k]    and    C[1, k] = a[k] + B[1, k]

So a[k] reaches the loss on two paths, each with the slope 1, and the gradients of both are added:

    da[k] = grad[0, k] + grad[1, k]

The rule behind it: where the forward pass copies, the way back sums, and over the axis along which it copied. There are two
kinds of such axes, so the code has two sums. Axes that the operand does not have were put in front of it. There are
`grad.ndim - len(shape)` of them, always the first ones: sum over them, and they are gone, as they have to be. After this the
axes of `grad` line up with those of `shape`. Axes of size 1 in `shape` were stretched: sum over them with `keepdims=True`, and
they stay, with size 1.

An empty tuple as `axis` means "over no axis", so nothing special has to be written where there is nothing to sum. An axis of
size 1 that was not stretched is summed over one entry, which changes nothing.

The usual mistake is to do one of the two sums only, mostly `grad.sum(axis=0)`. It is right for a bias, of shape (H,), and
that is the case that one meets first. The shapes (2, 1) and () show that it is not the rule.

    >>> G = np.ones((2, 3))
    >>> unbroadcast(G, (3,)).tolist(), unbroadcast(G, (2, 1)).tolist(), float(unbroadcast(G, ()))
    ([2.0, 2.0, 2.0], [[3.0], [3.0]], 6.0)
"""
