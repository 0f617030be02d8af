"""Altered inputs that make no difference on the checks: a mistake that the checks let pass, or none. Trusted code only."""

from __future__ import annotations

import inspect
import itertools
import textwrap
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from grader.building.alterations import agreeing_by_luck, names
from grader.building.compiler import seed
from grader.errors import COURSE_RAISES, did_you_mean
from grader.wire.values import Code, pack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.building.compiler import Compiled
    from grader.course.checks import Check
    from grader.judging.answer_key import CheckKey
    from grader.wire.values import Value

__all__ = ["unseen"]

_DRAWS = 200
_TURNS = 50
"""So many other inputs are drawn, in so many turns: a check of one case draws as often as it may."""


def unseen(made: Compiled, checks: Mapping[str, Check], course_seed: int | None) -> Iterator[str]:
    """A fault for each alteration that agrees with the right answer on the checks alone, and for names that are none."""
    for name in made.alterations:
        if name not in (known := names(made)):
            yield f"`alterations` lists {name!r}, which is none{did_you_mean(name, known)}"
    for function in made.key.functions:
        fresh = itertools.islice(_fresh(made, checks, function, course_seed), _DRAWS)
        try:
            lucky = tuple(agreeing_by_luck(made, function, fresh))
        except COURSE_RAISES as error:  # an author's generator, or the reference on what that draws
            yield f"other draws of the inputs of {function} fail with {type(error).__name__}: {error}"
            continue
        for misconception, name in lucky:
            formula = f"misconception {misconception!r}" if misconception else f"the right {function}"
            yield (
                f"{formula} with {name} passes the checks, and not other inputs that they might have drawn; add a case"
                f" that tells it apart, or put {{{name!r}: None}} into `alterations`"
            )


def _fresh(
    made: Compiled, checks: Mapping[str, Check], function: str, course_seed: int | None
) -> Iterator[tuple[CheckKey, tuple[Value, ...]]]:
    """Other inputs for a function's checks, drawn as theirs are."""
    asked = [check for check in made.key.checks if check.function == function and not check.judge]
    asked = [check for check in asked if not check.driver] or asked
    fixed = set[str]()
    seen = {_bytes(case.args) for check in asked for case in check.cases}
    for turn, check in itertools.product(range(_TURNS), asked):
        if check.name not in fixed:
            rng = np.random.default_rng(seed(course_seed, made.key.exercise, check.name, "fresh", turn))
            before = rng.bit_generator.state
            for case in checks[check.name].cases(rng):
                args = tuple(map(_packed, case if isinstance(case, tuple) else (case,)))
                if _bytes(args) not in seen:
                    seen.add(_bytes(args))
                    yield check, args
            if rng.bit_generator.state == before:
                fixed.add(check.name)  # it draws nothing


def _packed(argument: object) -> Value:
    if inspect.isfunction(argument):
        return Code(textwrap.dedent(inspect.getsource(argument)))
    return pack(argument)


def _bytes(args: tuple[Value, ...]) -> bytes:
    return msgspec.msgpack.encode(args)
