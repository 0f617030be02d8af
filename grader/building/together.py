"""Which cases a program may be sent at once: those of which no input holds another's answer. Pure."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from grader.wire.values import Array, Code, parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.judging.answer_key import CaseKey
    from grader.wire.values import Value

__all__ = ["leaves", "tell_nothing_of_each_other"]

_COMMON = frozenset({0.0, 1.0})
"""What stands in very many arrays, and tells nothing."""


def tell_nothing_of_each_other(cases: Sequence[CaseKey]) -> bool:
    """Whether a program that reads the inputs of all cases before it answers one finds no part of an answer among them.

    A part is found where all of its numbers are, in any order and with any sign; one of zeros and ones alone where it stands as it is.
    Where an input is a function nobody can tell.
    """
    if any(isinstance(leaf, Code) for case in cases for arg in case.args for leaf in leaves(arg)):
        return False
    answers = [tuple(leaves(case.expected)) for case in cases]
    inputs = [[leaf for arg in case.args for leaf in leaves(arg)] for case in cases]
    numbers = [frozenset[float]().union(*map(_numbers, each)) for each in inputs]
    return not any(
        _is_found(part, inputs[other], numbers[other])
        for one, other in itertools.permutations(range(len(cases)), 2)
        for part in answers[one]
    )


def _is_found(part: Value, inputs: Sequence[Value], numbers: frozenset[float]) -> bool:
    wanted = _numbers(part)
    return wanted <= numbers if wanted else part in inputs


def leaves(value: Value) -> Iterator[Value]:
    """The values in a value that have no parts, in order; itself where it has none."""
    inner = parts(value)
    if not inner:
        yield value
    for each in inner:
        yield from leaves(each)


def _numbers(value: Value) -> frozenset[float]:
    """The numbers in an array, without their signs, but for the most common."""
    if not isinstance(value, Array):
        return frozenset()
    array = value.numpy()
    both = [array.real, array.imag] if array.dtype.kind == "c" else [array]
    return frozenset(float(each) for part in both for each in np.abs(part.astype(float)).ravel()) - _COMMON
