"""What is shipped of an answer key: the public checks, and the misconceptions that these tell from all others. Pure.

A misconception is public unless its author hides it. On a few examples two wrong formulas may give the same values: then neither
is named, and the facts are told. So nothing that is shipped tells whether there is a hidden one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.judging.answer_key import CaseKey
from grader.judging.compare import compare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.building.compiler import Compiled
    from grader.judging.answer_key import AnswerKey, CheckKey
    from grader.judging.compare import Precision
    from grader.wire.values import Value

__all__ = ["public_key"]


def public_key(made: Compiled) -> AnswerKey:
    """The key that is shipped with a stub: all of it may be read."""
    checks = [check for check in made.key.checks if check.public]
    told = {
        name: sentence
        for name, sentence in made.key.misconceptions.items()
        if not made.misconceptions[name].hidden and _is_decided(made, name, checks)
    }
    shipped = []
    for check in checks:
        cases = (
            CaseKey(
                case.args,
                case.expected,
                {name: value for name, value in case.wrong.items() if name in told},
                tuple(name for name in case.silent if name in told),
            )
            for case in check.cases
        )
        shipped.append(replace(check, cases=tuple(cases), together=False))  # a few, which take no time
    return replace(
        made.key,
        misconceptions=told,
        checks=tuple(shipped),
        judges={check.judge: made.judges[check.judge] for check in checks if check.judge},
        hidden_points=made.key.points - sum(check.points for check in checks),
    )


def _is_decided(made: Compiled, name: str, checks: Sequence[CheckKey]) -> bool:
    """Whether a misconception shows in these checks, and no other one, of other words, is the same in all of them."""
    sentence = made.key.misconceptions[name]
    others = [other for other, words in made.key.misconceptions.items() if words != sentence]
    shows = any(name in case.wrong for check in checks for case in check.cases)
    return shows and not any(_agree(made, name, other, checks) for other in others)


def _agree(made: Compiled, name: str, other: str, checks: Sequence[CheckKey]) -> bool:
    """Whether nothing in the checks that both are about tells one from the other: a case without a value does not."""
    evident = False
    silent: tuple[list[int], list[int]] = ([], [])
    functions = [made.misconceptions[each].function for each in (name, other)]
    asked = [check for check in checks if all(each in (None, check.function) for each in functions)]
    for index, case in enumerate(case for check in asked for case in check.cases):
        mine, theirs = (case.wrong.get(each, case.expected) for each in (name, other))
        if mine is not None and theirs is not None:
            if not _alike(mine, theirs, case.precision):
                return False
            evident = evident or name in case.wrong
        for value, where in zip((mine, theirs), silent, strict=True):
            if value is None:
                where.append(index)
    return evident or (bool(silent[0]) and silent[0] == silent[1])


def _alike(one: Value, other: Value, precision: Precision) -> bool:
    return any(compare(*pair, precision, kinds=False) is None for pair in ((one, other), (other, one)))
