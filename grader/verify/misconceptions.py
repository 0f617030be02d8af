"""Each misconception is rejected, and diagnosed as itself alone: in float64, and in float32, which gains nothing."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import numpy as np

from grader.building.compiler import Compiled, answer
from grader.errors import COURSE_RAISES, line_in, seen_from
from grader.judging.compare import Difference, Precision, compare
from grader.judging.judge import OwnJudge, judge
from grader.wire import messages as wire
from grader.wire.values import Array, List, Mapping, Nothing, Tuple, Value, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.course.checks import Misconception
    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey

__all__ = ["answers_of", "raising", "rejected_and_named", "seldom_seen", "single", "without_a_value"]


def rejected_and_named(key: AnswerKey, own_judge: OwnJudge) -> Iterator[str]:
    """A fault for each misconception that passes, or is told as another one."""
    for name in key.misconceptions:
        fault = _fault(key, own_judge, name, lambda value: value)
        if not fault:
            fault = _fault(key, own_judge, name, single, flags=_by_flags(key, name))
            fault = fault and f"in float32, {fault}, or say float64_only=True of the checks where float32 gains"
        if fault:
            yield fault


def _fault(
    key: AnswerKey, own_judge: OwnJudge, name: str, form: Callable[[Value], Value], *, flags: bool = False
) -> str:
    """What is wrong with the result of a student who returns a misconception's values in some form; else nothing.

    One that differs in `flags` alone has the right values, which the form changes too: then it has to be rejected only.
    """
    result = judge(key, answers_of(key, name, form), own_judge)
    if result.score == result.max_score:
        if not any(name in case.wrong for check in key.checks for case in check.cases):
            return (
                f"misconception {name!r} gave the reference's values in every case: it is the right formula, or add a case"
                " on which it is not"
            )
        return f"misconception {name!r} passes every check that is worth points; add a case that tells it apart"
    if flags or {key.misconceptions[found] for found in result.misconceptions} == {key.misconceptions[name]}:
        return ""
    others = ", ".join(found for found in result.misconceptions if found != name)
    problem = f"is also diagnosed as {others}" if name in result.misconceptions else "is not diagnosed"
    return f"misconception {name!r} {problem}; add a case on which it returns a value of its own"


def answers_of(
    key: AnswerKey, name: str, form: Callable[[Value], Value] = lambda value: value
) -> tuple[tuple[wire.Outcome, ...], ...]:
    """What a misconception, or the reference for a name that is none, answers in each case, in some form."""
    return tuple(
        tuple(_outcome(check, case.wrong.get(name, case.expected), form) for case in check.cases)
        for check in key.checks
    )


def _outcome(check: CheckKey, answer: Value | None, form: Callable[[Value], Value]) -> wire.Outcome:
    if answer is None:
        return wire.Raised("FloatingPointError" if check.strict else "Exception")
    return wire.Returned(form(answer))


def _by_flags(key: AnswerKey, name: str) -> bool:
    """Whether a misconception has no wrong value anywhere, and differs in exceptions alone."""
    return all(case.wrong.get(name) is None for check in key.checks for case in check.cases)


def single(value: Value) -> Value:
    """A value with its float64 arrays in float32."""
    match value:
        case Array() if value.numpy().dtype == np.float64:
            with np.errstate(over="ignore", under="ignore"):
                return pack(value.numpy().astype(np.float32))
        case Tuple(items) | List(items):
            return type(value)(tuple(map(single, items)))
        case Mapping(items):
            return Mapping({name: single(item) for name, item in items.items()})
    return value


def raising(made: Compiled, root: Path) -> Iterator[str]:
    """A fault for each misconception that is broken: it raises on all inputs, or for a name that is not there.

    Files are named as they are seen from the course's root.
    """
    for name, thing in made.misconceptions.items():
        asked = [
            (check, case)
            for check in made.key.checks
            if check.function == (thing.function or check.function)
            for case in check.cases
        ]
        errors = [error for check, case in asked if (error := _error(thing, name, check, case))]
        broken = [error for error in errors if isinstance(error, NameError)]
        if broken or (errors and len(errors) == len(asked)):
            error = (broken or errors)[0]
            always = "" if broken else " on all inputs"
            yield f"misconception {name!r} raises {type(error).__name__}{always}{_place(thing, root, error)}: {error}"


def without_a_value(made: Compiled, root: Path) -> Iterator[str]:
    """A fault for each misconception that returns None where the reference returns something: its `return` is missing.

    Whoever forgets theirs is told so anyway, and would be told this mistake beside it.
    """
    for name, thing in made.misconceptions.items():
        for check in made.key.checks:
            if any(isinstance(case.wrong.get(name), Nothing) for case in check.cases):
                place = _place(thing, root)
                yield f"misconception {name!r}{place} returns None in check {check.name!r}: is a `return` missing?"
                break


def _place(thing: Misconception, root: Path, error: BaseException | None = None) -> str:
    """Where a misconception stands, or raised an error: a function, or a class by its first method; nothing where there is none."""
    named = (thing.answer, *vars(thing.answer).values())
    codes = (each.__code__ for each in named if inspect.isfunction(each))
    code = next((code for code in codes if not code.co_filename.startswith("<")), None)
    if code is None:
        return ""
    line = line_in(code.co_filename, error) if error else None
    return f" at {seen_from(root, code.co_filename)}:{line or code.co_firstlineno}"


def _error(thing: Misconception, name: str, check: CheckKey, case: CaseKey) -> BaseException | None:
    """What a misconception raises on a case, where it has no value."""
    if case.wrong.get(name, case.expected) is not None:
        return None
    try:
        answer(thing.answer, case.args, driver=check.driver, strict=check.strict, readonly=check.readonly)
    except COURSE_RAISES as error:  # an author's wrong formula
        return error
    return None


def seldom_seen(key: AnswerKey) -> Iterator[str]:
    """A fault for each misconception with a value of its own on one case alone.

    But where it differs in exceptions, in nan and infinity, or for float32 inputs alone; and where a function has no inputs.
    """
    for name in key.misconceptions:
        shown = [case for check in key.checks for case in check.cases if case.wrong.get(name) is not None and case.args]
        if len(shown) == 1 and not (_is_empty(shown[0], name) or shown[0].precision is Precision.SINGLE):
            yield (
                f"misconception {name!r} has a value of its own on one case alone: add another,"
                " or an exception there hides it"
            )


def _is_empty(case: CaseKey, name: str) -> bool:
    """Whether what tells a misconception is nan or infinite."""
    wrong = case.wrong[name]
    mismatch = compare(case.expected, wrong, case.precision) if wrong is not None else None
    return mismatch is not None and mismatch.kind is Difference.NONFINITE
