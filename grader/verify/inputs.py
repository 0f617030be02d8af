"""What an author's inputs must be: repeatable, public in part, and of more than one size. Pure."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from grader.wire.values import Array

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.judging.answer_key import AnswerKey

__all__ = ["drawn_anew", "never_public", "of_one_size"]

_SHAPE = re.compile(r"`(\w+)`(?P<between>[^`().]*)\((?P<axes>[\w\s,]+)\)")
"""An argument of a task with its shape: `X` has shape (N, D), `W` (D, H)."""


def drawn_anew(key: AnswerKey, again: AnswerKey) -> Iterator[str]:
    """A fault for each check that is another one when it is compiled again."""
    for one, two in zip(key.checks, again.checks, strict=True):
        if [case.args for case in one.cases] != [case.args for case in two.cases]:
            yield f"check {one.name!r} draws other inputs each time: draw from the `rng` that it is given, not np.random"
        elif one != two:
            yield f"the reference or a misconception answers {one.name!r} in another way each time: something is random"


def never_public(key: AnswerKey) -> Iterator[str]:
    """A fault where students could try nothing."""
    if not any(check.public for check in key.checks):
        yield "no check is public: give students an example with @check(points=0, public=True)"


def of_one_size(key: AnswerKey, task: str) -> Iterator[str]:
    """A fault for each axis that the task calls by a letter, and that has one size in all cases.

    And for each argument without a shape in the task that is an array of one entry in all cases.
    """
    given = _given(key)
    said = set()
    for name, axes in _shapes(task):
        said.add(name)
        sizes = [shape for shape in given.get(name, ()) if len(shape) == len(axes)]
        for axis, letter in enumerate(axes):
            if letter.isidentifier() and len({shape[axis] for shape in sizes}) == 1:
                size = sizes[0][axis]
                yield f"`{name}` has {letter} = {size} in all cases: an answer that takes {letter} for {size} would pass"
    for name, shapes in given.items():
        if name not in said and all(shape and math.prod(shape) == 1 for shape in shapes):
            yield f"`{name}` has one entry in all cases, where a sum, a mean and the entry are the same: add larger ones"


def _given(key: AnswerKey) -> dict[str, list[tuple[int, ...]]]:
    """The shapes that each argument has in the cases where it is an array."""
    found: dict[str, list[tuple[int, ...]]] = {}
    for check in key.checks:
        for case in check.cases:
            for name, value in zip(check.arguments, case.args, strict=False):
                if isinstance(value, Array):
                    found.setdefault(name, []).append(value.shape)
    return found


def _shapes(task: str) -> Iterator[tuple[str, list[str]]]:
    """The arguments that a task gives a shape, with the names of their axes."""
    for found in _SHAPE.finditer(" ".join(task.split())):
        if not found["between"].strip() or "shape" in found["between"]:
            yield found[1], [axis.strip() for axis in found["axes"].split(",") if axis.strip()]
