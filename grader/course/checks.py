"""What a course author writes: checks, misconceptions, oracles and derivatives, as plain decorated functions."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterable, Mapping
from numbers import Real
from typing import Any, Literal, get_args, overload

import msgspec

from grader.errors import CourseError

__all__ = [
    "Check", "Derivative", "Misconception", "Oracle", "Visibility", "check", "derivative_of", "misconception", "oracle",
]  # fmt: skip

Function = Callable[..., Any]
Cases = Callable[..., Iterable[Any]]
Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
"""When a student's page has a check's line: always, once nobody has time left, once the results are published, or never."""

Judge = Callable[..., str | None]
"""`judge(returned, *inputs)` gives None for a right answer, else the sentence the student reads."""


class Check(msgspec.Struct, frozen=True):
    """Inputs to call a function with, and the points for answering all of them rightly.

    `cases(rng)` yields the positional arguments of one call each: a tuple, or anything else for a single argument;
    an argument may be a function defined with `def`. `judge`, `driver` and functions given as arguments travel as source: they
    see their arguments, built-ins and numpy as `np`.
    """

    name: str
    claim: str
    cases: Cases
    points: float
    """Points for the whole answer; either these or `parts`."""
    public: bool = False
    """Whether it ships with the stub, its inputs and answers with it."""
    function: str | None = None
    """The function that it calls, where that is not called like the exercise."""
    parts: Mapping[str, float] = {}
    """Points for each named part of a tuple or dict, in their order, judged apart."""
    judge: Judge | None = None
    """`judge(returned, *inputs)` gives None for a right answer, else the sentence that the student reads: where more than one
    answer is right."""
    driver: Function | None = None
    """`driver(function, *arguments)` makes the calls, where one plain call will not do."""
    readonly: bool = False
    """Whether arrays, lists and dicts are sent that cannot be written to."""
    errstate: Literal["raise"] | None = None
    """Whether overflow, division by zero and invalid operations raise."""
    float64_only: bool = False
    """Whether a result in float32 has to be as accurate as one in float64, unless its inputs are float32."""
    long_way: Function | None = None
    """A right way that the task forbids, and that these inputs are too large for: `grader verify` measures both."""
    keep: bool = False
    """Whether what the student returned is kept for a person to read."""
    visibility: Visibility = "visible"
    """When a student's page has its line (claim, verdict, points and feedback): always, once nobody has time left, once the
    results are published, or never."""

    @property
    def line(self) -> int:
        """The line of the check in its file."""
        return self.cases.__code__.co_firstlineno


class Misconception(msgspec.Struct, frozen=True):
    """A wrong reference whose docstring is the feedback; of `hidden` ones nothing ships with the stubs."""

    name: str
    feedback: str
    answer: Function
    hidden: bool = False
    """Whether it is kept for graded pages: of it nothing is in a release."""
    function: str | None = None
    """The function that it answers for, where an exercise asks for several that take the same."""
    where: Function | None = None
    """On which inputs it tells something, called with them; on the others nothing is expected of whoever has it."""


class Oracle(msgspec.Struct, frozen=True):
    """An independent way to the same answer, called as `answer(torch, *inputs)` with float64 tensors."""

    name: str
    answer: Function
    function: str | None = None
    """The function that it answers for, where that is not called like the exercise."""


class Derivative(msgspec.Struct, frozen=True):
    """What an answer, or its named `part`, is the derivative of: `forward` by the `arguments`.

    The value is the Jacobian, (outputs..., inputs...), so the gradient of a forward function that returns one number
    has the shape of the argument. `forward` takes its arguments by the names that the exercise gives them.
    """

    name: str
    arguments: tuple[str, ...]
    """By what is differentiated; several are numbers, and together the last axis of the Jacobian."""
    forward: Function
    part: str | int | None = None
    """The part of the answer that is this derivative: a name, or a place in a tuple."""
    upstream: str | None = None
    """The argument, in the shape of the outputs, that the derivative is contracted with: the sum over the outputs of upstream times
    their derivatives."""
    at: Function | None = None
    """Where the derivative is taken, of an argument that the exercise has not: called with those that it has, by their names."""
    function: str | None = None
    """The function that answers, where that is not called like the exercise."""

    @property
    def line(self) -> int:
        """The line of the forward function in its file."""
        return self.forward.__code__.co_firstlineno


def _docstring(function: Function, kind: str) -> str:
    """The first paragraph of a docstring, as one line."""
    text = inspect.cleandoc(function.__doc__ or "").split("\n\n")[0]
    if not text:
        _fail(function, f"the {kind} {function.__name__!r} has no docstring; write the line that the student reads")
    return " ".join(text.split())


def _fail(declared: Function, problem: str) -> None:
    """Raise CourseError with the line of a function; of a class, which has no code, with the one that declares it."""
    if inspect.isfunction(declared):
        code = declared.__code__
        raise CourseError(problem, path=code.co_filename, line=code.co_firstlineno)
    frames = (frame for frame, _ in traceback.walk_stack(inspect.currentframe()))
    declaring = next(frame for frame in frames if frame.f_code.co_filename != __file__)
    raise CourseError(problem, path=declaring.f_code.co_filename, line=declaring.f_lineno)


_MOST_POINTS = 1e6
"""No check is worth as much: what is above is a slip, or no number of points at all."""

_FLAG: tuple[Function, str] = (lambda given: isinstance(given, bool), "give True or False, without quotes")
_NAME: tuple[Function, str] = (lambda given: given is None or isinstance(given, str), "give a name, in quotes")
_FUNCTION: tuple[Function, str] = (
    lambda given: given is None or inspect.isfunction(given),
    "give a function that is defined with `def`",
)
_ERRSTATE: tuple[Function, str] = (lambda given: given is None or given == "raise", 'give "raise", or leave it out')
_PARTS: tuple[Function, str] = (
    lambda given: given is None or (isinstance(given, Mapping) and all(isinstance(name, str) for name in given)),
    'give a dict from names to points, such as {"dW": 3, "db": 2}',
)
"""What an option may be, and what to write: a slip in one would otherwise be taken silently for something else."""


def _hold(declared: Function, who: str, kind: tuple[Function, str], /, **options: object) -> None:
    """Raise CourseError for the first of the options that is not of its kind."""
    allows, advice = kind
    for name, given in options.items():
        if not allows(given):
            _fail(declared, f"{who} has {name}={_shown(given)}: {advice}")


def _shown(given: object) -> str:
    """What an author gave, cut short."""
    return repr(given)[:60]


def _first(function: Function) -> str:
    """The name of a function's first argument; x where it has none."""
    return next(iter(inspect.signature(function).parameters), "x")


def check(  # noqa: PLR0913  one keyword for each property of a check
    bare: Cases | None = None,
    /,
    *,
    points: float | None = None,
    parts: Mapping[str, float] | None = None,
    public: bool = False,
    function: str | None = None,
    judge: Judge | None = None,
    driver: Function | None = None,
    readonly: bool = False,
    errstate: Literal["raise"] | None = None,
    float64_only: bool = False,
    long_way: Function | None = None,
    keep: bool = False,
    visibility: Visibility = "visible",
) -> Callable[[Cases], Check]:
    """Declare a check; its docstring is the claim that the student reads.

    Give either `points` for the whole answer or `parts` with points for each part of it.
    Raises CourseError, naming file and line, for points that are missing, doubled, negative or no number, for an option of
    another kind, and for a public check that is not always visible, since students have it.
    """
    if bare is not None:
        _fail(bare, f"check {bare.__name__!r} has no points: write @check(points=1), with parentheses")

    def declare(cases: Cases) -> Check:
        claim = _docstring(cases, "check")
        who = f"check {cases.__name__!r}"
        _hold(cases, who, _FUNCTION, judge=judge, driver=driver, long_way=long_way)
        _hold(cases, who, _FLAG, public=public, readonly=readonly, float64_only=float64_only, keep=keep)
        _hold(cases, who, _NAME, function=function)
        _hold(cases, who, _ERRSTATE, errstate=errstate)
        _hold(cases, who, _PARTS, parts=parts)
        if (points is None) == (parts is None):
            _fail(cases, f"{who} needs either points= or parts=")
        for value in parts.values() if parts else (points or 0,):
            if isinstance(value, bool) or not isinstance(value, Real) or not abs(value) <= _MOST_POINTS:
                _fail(cases, f"{who} is worth {_shown(value)}: give a number of points, such as 2 or 0.5")
            if value < 0:
                _fail(cases, f"{who} has negative points; a check is worth 0 or more")
        worth = sum(parts.values()) if parts else points or 0
        if visibility not in (known := get_args(Visibility)):
            _fail(
                cases,
                f"check {cases.__name__!r} has an unknown visibility {visibility!r}; known are {', '.join(known)}",
            )
        if public and visibility != "visible":
            _fail(cases, f"check {cases.__name__!r} is public, so students have it: leave its visibility out")
        return Check(
            name=cases.__name__, claim=claim, cases=cases, points=float(worth), public=public, function=function,
            parts={name: float(value) for name, value in (parts or {}).items()},
            judge=judge, driver=driver, readonly=readonly, errstate=errstate, float64_only=float64_only,
            long_way=long_way, keep=keep, visibility=visibility,
        )  # fmt: skip

    return declare


@overload
def misconception(answer: Function) -> Misconception: ...
@overload
def misconception(
    *, hidden: bool = ..., function: str | None = ..., where: Function | None = ...
) -> Callable[[Function], Misconception]: ...
def misconception(
    answer: Function | None = None,
    *,
    hidden: bool = False,
    function: str | None = None,
    where: Function | None = None,
) -> Misconception | Callable[[Function], Misconception]:
    """Declare a wrong formula that students are known to give; its docstring is the feedback.

    A student's own check names it where the public examples tell it from all others; `hidden` ones only a grade names.
    Where another mistake would hide it on some inputs, `where(*inputs)` says on which it tells something.
    """

    def declare(answer: Function) -> Misconception:
        feedback = _docstring(answer, "misconception")
        who = f"misconception {answer.__name__!r}"
        _hold(answer, who, _FLAG, hidden=hidden)
        _hold(answer, who, _NAME, function=function)
        _hold(answer, who, _FUNCTION, where=where)
        return Misconception(answer.__name__, feedback, answer, hidden=hidden, function=function, where=where)

    return declare if answer is None else declare(answer)


@overload
def oracle(answer: Function) -> Oracle: ...
@overload
def oracle(*, function: str | None = ...) -> Callable[[Function], Oracle]: ...
def oracle(answer: Function | None = None, *, function: str | None = None) -> Oracle | Callable[[Function], Oracle]:
    """Declare an independent computation of the expected values, run by `grader verify` alone."""

    def declare(answer: Function) -> Oracle:
        _hold(answer, f"oracle {answer.__name__!r}", _NAME, function=function)
        return Oracle(answer.__name__, answer, function=function)

    return declare if answer is None else declare(answer)


def derivative_of(
    *arguments: str,
    part: str | int | None = None,
    upstream: str | None = None,
    at: Function | None = None,
    function: str | None = None,
) -> Callable[[Function], Derivative]:
    """Declare a numpy forward function that the answer is the derivative of, for `grader verify` to differentiate.

    Several arguments are numbers, and together the last axis of the Jacobian. `part` is a name or a place in a tuple.
    Raises CourseError for no argument, and for a point (`at`) of several.
    """
    for given in arguments:
        if inspect.isfunction(given):
            _fail(given, f"derivative {given.__name__!r} is by no argument: write @derivative_of({_first(given)!r})")

    def declare(forward: Function) -> Derivative:
        name = f"{forward.__name__} by {', '.join(arguments)}"
        if not arguments or (at is not None and len(arguments) > 1):
            _fail(forward, f"derivative {name!r} needs one argument, or several that the exercise has")
        _hold(forward, f"derivative {name!r}", _NAME, function=function, upstream=upstream)
        _hold(forward, f"derivative {name!r}", _FUNCTION, at=at)
        return Derivative(name, arguments, forward, part, upstream, at, function)

    return declare
