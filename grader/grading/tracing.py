"""The arrays in a student's function on a public example, found in the child by a second run: never for points.

What a child says of itself is its own word, and is held to a form. The code that looks goes there as a check's driver does, as
source: the worker knows nothing of it, and no grade is ever made beside it.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from grader.grading.attempt import call_of, load_of, packages
from grader.reports.examples import failures, local_arrays
from grader.sandbox.sandbox import Batch, WorkerError
from grader.wire import messages as wire
from grader.wire.values import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from grader.course.model import Exercise
    from grader.grading.attempt import Attempt
    from grader.grading.pool import Bench
    from grader.judging.answer_key import AnswerKey
    from grader.reports.examples import Failure, LocalArray
    from grader.submissions.cells import ProgramReading

__all__ = ["arrays_by_check"]

_CPU_SECONDS, _WALL_SECONDS = 2, 4.0
"""A traced run is slower than the one that was judged, and nobody waits long for a remark."""


def arrays_by_check(
    bench: Bench, exercise: Exercise, key: AnswerKey, tried: Attempt
) -> dict[str, tuple[LocalArray, ...]]:
    """What the names of each function that fails were bound to, by line, in its first public check that does."""
    if tried.program is None:
        return {}
    first = {each.check.function: each for each in reversed(list(failures(key, tried.result, tried.outcomes)))}
    return {each.check.name: _arrays(bench, exercise, key, tried.program, each) for each in first.values()}


def _arrays(
    bench: Bench, exercise: Exercise, key: AnswerKey, program: ProgramReading, failure: Failure
) -> tuple[LocalArray, ...]:
    """Nothing where it cannot be told."""
    if isinstance(failure.outcome, wire.Stopped) or (
        isinstance(failure.outcome, wire.Raised) and failure.outcome.loading
    ):
        return ()
    call = call_of(failure.check, failure.case)
    call = msgspec.structs.replace(call, driver=_driver(call.driver))
    limits = msgspec.structs.replace(
        exercise.limits,
        cpu_seconds=min(exercise.limits.cpu_seconds, _CPU_SECONDS),
        wall_seconds=min(exercise.limits.wall_seconds, _WALL_SECONDS),
    )
    load = load_of(exercise, key, program.chunks, program.mode)
    try:
        run = bench.sandbox(packages(exercise)).run(load, [Batch(call.function, (call,))], limits)
    except WorkerError:
        return ()
    match run.outcomes[0][0]:
        case wire.Returned(Text(said)):
            return local_arrays(said, program.chunks)
        case _:
            return ()


def _driver(of_check: str) -> str:
    """The source of a driver that makes the call as the check does, and returns what was seen of it."""
    made = re.findall(r"^def (\w+)", of_check, re.MULTILINE)
    call = f"{made[-1]}(function, *arguments)" if made else "function(*arguments)"
    looking = textwrap.dedent(inspect.getsource(_look))
    return f"{of_check}\n{looking}\ndef traced(function, *arguments):\n    return _look(function, lambda: {call})\n"


def _look(function: Any, call: Callable[[], Any]) -> str:  # noqa: C901  it travels as one source
    """Make a call; of each array that a name of the function was bound to the name, chunk, line, shape and dtype, a line each.

    Runs in the child, where nothing but numpy and the standard library is.
    """
    import sys  # noqa: PLC0415  what it uses goes with its source

    code = getattr(function, "__code__", None)
    values: dict[str, Any] = {}
    found: dict[tuple[str, int], tuple[Any, Any]] = {}
    entered: list[FrameType] = []
    line = 0

    def note(name: str, value: Any, at: int) -> None:
        tensor = (
            type(value).__module__.partition(".")[0] == "torch" and hasattr(value, "shape") and hasattr(value, "dtype")
        )
        if (isinstance(value, np.ndarray | np.generic) or tensor) and ((name, at) in found or len(found) < 30):  # noqa: PLR2004
            found[name, at] = tuple(value.shape), value.dtype

    def bound(frame: FrameType) -> None:
        for name, value in frame.f_locals.items():
            if name not in values or values[name] is not value:
                values[name] = value
                note(name, value, line)

    def inside(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal line
        bound(frame)
        line = frame.f_lineno
        if event == "return" and argument is not None:
            note("return", argument, line)
        return inside

    def begin(frame: FrameType, event: str, argument: Any) -> Any:  # noqa: ARG001
        nonlocal line
        if frame.f_code is not code or entered:
            return None
        entered.append(frame)
        line = frame.f_lineno
        bound(frame)
        return inside

    sys.settrace(begin)
    try:
        call()
    except BaseException:  # noqa: BLE001, S110  what was seen up to there is what is asked for
        pass
    finally:
        sys.settrace(None)
    where = code.co_filename if code is not None else ""
    return "\n".join(f"{name}\t{where}\t{at}\t{shape}\t{dtype}" for (name, at), (shape, dtype) in found.items())
