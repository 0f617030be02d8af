"""Three ways to one derivative: what the reference answers, an oracle (autograd), and differences. Trusted code only."""

from __future__ import annotations

import functools
import importlib
import itertools
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from grader.errors import COURSE_RAISES, did_you_mean, line_in
from grader.judging.compare import compare, conform, form, split, widened
from grader.judging.facts import describe
from grader.verify.finite_differences import differentiate
from grader.wire.functions import compiled
from grader.wire.values import Array, Mapping, arrays, pack, parts, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Mapping as MappingABC

    from numpy.typing import NDArray

    from grader.course.checks import Derivative, Oracle
    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.judging.judge import OwnJudge
    from grader.wire.values import Value

__all__ = ["Agreement", "with_differences", "with_oracles"]

_TOLERANCE = 1e-6
"""How far the ways may be apart, as a share of the largest entry."""

_DOUBLE = 8
"""The bytes of a float64."""


class Agreement(msgspec.Struct, frozen=True):
    """On how many cases the reference agrees; a sentence for each on which it does not; remarks."""

    cases: int = 0
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def with_oracles(key: AnswerKey, oracles: Iterable[Oracle], own_judge: OwnJudge) -> Agreement | None:
    """How the expected values agree with the oracles; None where there is nothing to run. torch is imported here alone."""
    oracles = tuple(oracles)
    if not oracles:
        return None
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return Agreement(notes=("oracle not run: torch is not installed",))
    count, faults = 0, []
    for oracle in oracles:
        asked = [check for check in key.checks if check.function == (oracle.function or key.exercise)]
        if not asked:
            faults.append(f"oracle {oracle.name!r} is of no function that the checks call; name one with function=")
        for check in asked:
            for number, case in enumerate(check.cases, start=1):
                problem = _oracle_problem(torch, oracle, check, case, own_judge)
                count += not problem
                if problem:
                    faults.append(
                        f"oracle {oracle.name!r} disagrees with the reference in {check.name}, case {number}: {problem}"
                    )
    return Agreement(count, tuple(faults))


def _oracle_problem(torch: Any, oracle: Oracle, check: CheckKey, case: CaseKey, own_judge: OwnJudge) -> str | None:
    def answer(*arguments: Any) -> Any:
        return _arrays(oracle.answer(torch, *(_tensors(torch, argument) for argument in arguments)))

    function = functools.partial(compiled(check.driver), answer) if check.driver else answer
    try:
        found = pack(function(*map(unpack, case.args)))
        if check.judge:
            mismatch = form(case.expected, found)
            sentence: str | None = (
                describe(mismatch) if mismatch else own_judge(check, case, widened(case.expected, found))
            )
            return sentence
    except COURSE_RAISES as error:  # an author's oracle or judge
        line = line_in(oracle.answer.__code__.co_filename, error) or oracle.answer.__code__.co_firstlineno
        return f"it raises {type(error).__name__} at line {line}: {error}"
    # The oracle is the measure: a reference that answers in float32 is held to float32.
    mismatch = compare(found, case.expected, case.precision, kinds=False)
    return None if mismatch is None else f"of the reference, held to it: {describe(mismatch)}"


def _tensors(torch: Any, thing: Any) -> Any:
    """The arrays in an argument as tensors: floats in float64, integers and booleans as they are."""
    if isinstance(thing, np.ndarray):
        return torch.from_numpy(thing.astype(np.float64) if thing.dtype.kind == "f" else thing.copy())
    if isinstance(thing, list | tuple):
        return type(thing)(_tensors(torch, item) for item in thing)
    if isinstance(thing, dict):
        return {name: _tensors(torch, item) for name, item in thing.items()}
    return thing


def _arrays(thing: Any) -> Any:
    """The tensors in an answer as arrays, so that a driver meets what a student's function gives."""
    if isinstance(thing, list | tuple):
        return type(thing)(map(_arrays, thing))
    if isinstance(thing, dict):
        return {name: _arrays(item) for name, item in thing.items()}
    value = pack(thing)
    return unpack(value) if isinstance(value, Array) else thing


def with_differences(key: AnswerKey, derivatives: Iterable[Derivative]) -> Agreement | None:
    """How the expected values agree with differences of the forward functions; None where there are none."""
    found = [_with_differences(key, derivative) for derivative in derivatives]
    if not found:
        return None
    faults = tuple(fault for each in found for fault in each.faults)
    return Agreement(sum(each.cases for each in found), faults, tuple(note for each in found for note in each.notes))


def _with_differences(key: AnswerKey, derivative: Derivative) -> Agreement:
    agreed = kinks = 0
    faults = []
    name = f"differences of {derivative.name} (line {derivative.line})"
    # The values that a judge accepts are not unique, and those of a driver are not one call's.
    asked = [check for check in key.checks if check.function == (derivative.function or key.exercise)]
    plain = [check for check in asked if not check.judge and not check.driver]
    if unknown := _unknown(derivative, plain):
        return Agreement(faults=(f"{name} cannot be taken: {unknown}",))
    for check in plain:
        for number, case in enumerate(check.cases, start=1):
            try:
                compared, skipped, problem = _case(derivative, check, case)
            except COURSE_RAISES as error:  # an author's forward function
                line = line_in(derivative.forward.__code__.co_filename, error)
                where = f" at line {line}" if line else ""
                compared, skipped, problem = False, 0, f"{type(error).__name__}{where}: {error}"
            agreed += compared and not problem
            kinks += skipped
            if problem:
                faults.append(f"{name} disagree with the reference in {check.name}, case {number}: {problem}")
    if not agreed and not faults:
        faults.append(f"{name} compare no case: add one in float64, away from kinks")
    notes = (f"{derivative.name}: {kinks} entries at kinks skipped",) if kinks else ()
    return Agreement(agreed, tuple(faults), notes)


def _unknown(derivative: Derivative, checks: Sequence[CheckKey]) -> str:
    """Which argument of the exercise a declaration names that is not there; nothing where all are."""
    names = (*(derivative.arguments if derivative.at is None else ()), *filter(None, [derivative.upstream]))
    for check, name in itertools.product(checks[:1], names):
        if name not in (known := check.arguments):
            return f"{check.function} has no argument {name!r}; it has {', '.join(known)}{did_you_mean(name, known)}"
    return ""


def _case(derivative: Derivative, check: CheckKey, case: CaseKey) -> tuple[bool, int, str | None]:
    """Whether a case could be compared, how many of its entries are at kinks, and what is wrong with it."""
    named = dict(zip(check.arguments, map(unpack, case.args), strict=False))
    if derivative.part is None:
        expected = conform(case.expected, case.expected)
    elif derivative.part in (known := _parts(check, case.expected)):
        expected = known[derivative.part]
    else:
        return False, 0, _no_part(derivative, known)
    given = [np.asarray(named[name]).dtype for name in derivative.arguments if name in named]
    held = [np.dtype(array.dtype) for value in (*case.args, expected) for array in arrays(value)]
    # What is given or answered in float32 is not accurate enough to be compared, and an integer cannot be moved.
    if any(dtype.kind != "f" for dtype in given) or any(
        dtype.kind == "f" and dtype.itemsize != _DOUBLE for dtype in held
    ):
        return False, 0, None
    point = _point(derivative, named)
    if not point.size:
        return False, 0, None
    others = _chosen(derivative.forward, named, without=derivative.arguments)

    def forward(moved: NDArray[Any]) -> NDArray[Any]:
        values = moved if len(derivative.arguments) > 1 else [moved if moved.shape else moved[()]]
        return np.asarray(derivative.forward(**others, **dict(zip(derivative.arguments, values, strict=True))))

    value, smooth, error = differentiate(forward, point)
    if derivative.upstream is not None:
        upstream = np.asarray(named[derivative.upstream], dtype=np.float64)
        outputs = value.ndim - point.ndim
        if upstream.shape != value.shape[:outputs]:
            return (
                True,
                0,
                f"the outputs have shape {value.shape[:outputs]}, {derivative.upstream} has {upstream.shape}",
            )
        value, error = np.tensordot(upstream, value, outputs), np.tensordot(np.abs(upstream), error, outputs)
        smooth = np.asarray(smooth.all(axis=tuple(range(outputs))))
    want = np.asarray(unpack(expected), dtype=np.float64)
    if want.shape != value.shape:
        return True, 0, f"the reference has shape {want.shape}, the derivative {value.shape}"
    scale = np.abs(value[smooth]).max(initial=0.0)
    wrong = np.argwhere(smooth & ~(np.abs(want - value) <= _TOLERANCE * scale + error))
    skipped = int((~smooth).sum())
    if not len(wrong):
        return bool(smooth.any()), skipped, None
    place = tuple(map(int, wrong[0]))
    return True, skipped, f"at {list(place)} the reference has {want[place]}, differences {value[place]}"


def _parts(check: CheckKey, expected: Value) -> dict[int | str, Value]:
    """The parts of an expected value, by their places and by their names, which any check of the function may give."""
    if isinstance(expected, Mapping):
        return {name: value for name, value in expected.items.items()}  # noqa: C416  a dict of another kind of keys
    named = split(expected, check.names, expected) if check.names else None
    places: list[tuple[int | str, Value]] = [*enumerate(parts(expected)), *(named or {}).items()]
    return dict(places)


def _no_part(derivative: Derivative, known: MappingABC[int | str, Value]) -> str:
    """What to say of a part that is not there."""
    there = ", ".join(map(repr, known)) or "none"
    named = any(isinstance(each, str) for each in known)
    how = "" if named else "; give its place, or name the parts in a check with parts="
    return f"the answer has no part {derivative.part!r}; its parts are {there}{how}"


def _point(derivative: Derivative, named: MappingABC[str, Any]) -> NDArray[np.float64]:
    if derivative.at is not None:
        return np.asarray(derivative.at(**_chosen(derivative.at, named)), dtype=np.float64)
    point = [np.asarray(named[name]) for name in derivative.arguments]
    return np.stack(point) if len(point) > 1 else point[0]


def _chosen(function: Callable[..., Any], named: MappingABC[str, Any], without: Iterable[str] = ()) -> dict[str, Any]:
    """The arguments that a function takes, of those there are."""
    code = function.__code__
    return {name: named[name] for name in code.co_varnames[: code.co_argcount] if name in named and name not in without}
