"""Numerical Jacobians that know where they hold: central differences with extrapolation, and the complex step. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.errors import COURSE_RAISES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Forward = Callable[[NDArray[Any]], NDArray[Any]]

__all__ = ["differentiate"]

_STEP = 2.0**-13
"""The larger of the two steps of central differences, for an input of size 1 or less."""

_TINY_STEP = 1e-20
"""The imaginary step: its square vanishes beside 1, nothing is subtracted, and it is far from underflow."""

_AGREE = 1e-6
"""The complex step is believed where it is within this share of the largest entry."""

_ROUNDING = 64 * float(np.finfo(np.float64).eps)
_KINK = 1e-3
"""Slopes that differ by more than this share of the largest are those of a kink."""


def differentiate(forward: Forward, point: Reals) -> tuple[Reals, NDArray[np.bool_], Reals]:
    """The Jacobian of `forward` at a point, (outputs..., inputs...); where it is smooth; how much is rounding.

    By complex step where `forward` takes complex numbers and that agrees with differences, which cannot be accurate
    beside a large value; else by central differences, extrapolated from two steps.
    """
    with np.errstate(all="ignore"):
        middle = forward(point)
        columns = [_column(forward, point, middle, index) for index in np.ndindex(point.shape)]
        shape = (*middle.shape, *point.shape)
        value, smooth, error = (np.stack(each, axis=-1).reshape(shape) for each in zip(*columns, strict=True))
        exact = _complex_step(forward, point, middle)
        if exact is not None and exact.shape == shape:
            bound = _AGREE * np.abs(value[smooth]).max(initial=0.0) + error
            if (np.abs(exact - value)[smooth] <= bound[smooth]).all():
                value, error = exact, np.zeros_like(exact)
    return value, smooth, error


def _column(
    forward: Forward, point: Reals, middle: NDArray[Any], index: tuple[int, ...]
) -> tuple[Reals, NDArray[np.bool_], Reals]:
    """The derivative by one input, where it is smooth, and how much of it is rounding."""
    # A power of two, to be added exactly; it grows more slowly than the input, where exponentials would curve too much.
    step = _STEP * max(1.0, float(2 ** np.ceil(np.log2(abs(point[index]) or 1.0) / 2)))
    slopes, gaps = [], []
    for h in (step, step / 2):
        ahead, behind = (_moved(forward, point, index, move) for move in (h, -h))
        slopes.append((ahead - behind) / (2 * h))
        gaps.append((ahead - 2 * middle + behind) / h)
    value = (4 * slopes[1] - slopes[0]) / 3
    error = _ROUNDING * (np.abs(middle) + np.abs(ahead) + np.abs(middle).max(initial=0.0)) / step
    # Off a kink both steps give one slope. On it they do as well, but there the slopes ahead and behind differ, and by
    # as much for the smaller step as for the larger.
    bound = _KINK * np.abs(value).max(initial=0.0) + error
    bent = (np.abs(gaps[1]) > bound) & (np.abs(gaps[1]) > 0.75 * np.abs(gaps[0]))
    return value, np.isfinite(value) & (np.abs(slopes[0] - slopes[1]) <= bound) & ~bent, error


def _moved(forward: Forward, point: Reals, index: tuple[int, ...], move: complex) -> NDArray[Any]:
    moved = point.astype(np.result_type(point.dtype, type(move)))
    moved[index] += move
    return forward(moved)


def _complex_step(forward: Forward, point: Reals, middle: NDArray[Any]) -> Reals | None:
    """The Jacobian by a step into the complex plane; None where `forward` does not go there."""
    try:
        columns = [
            _moved(forward, point, index, 1j * _TINY_STEP).imag / _TINY_STEP for index in np.ndindex(point.shape)
        ]
    except COURSE_RAISES:  # a function of real numbers may do as it likes with others
        return None
    return np.stack(columns, axis=-1).reshape((*middle.shape, *point.shape))
