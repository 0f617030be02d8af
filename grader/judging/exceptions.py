"""A call that gave no value: the verdict on it, and what the student is told. Pure."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from grader.judging.own_words import UNREADABLE, own_words
from grader.judging.verdicts import Verdict
from grader.wire import messages as wire
from grader.wire.values import arrays

if TYPE_CHECKING:
    from grader.judging.answer_key import CaseKey, CheckKey
    from grader.judging.own_words import Program

__all__ = ["NOT_YET", "is_stub", "left_out", "raised", "stopped", "verdict_of", "withheld"]

_STOPS = {
    "time": (
        Verdict.TIME_LIMIT_EXCEEDED,
        "did not finish within the time limit: look for a loop that does not end, or for the same work done over and over",
    ),
    "output": (
        Verdict.OUTPUT_LIMIT_EXCEEDED,
        "printed or returned more than is allowed: remove the prints of large values",
    ),
}


def verdict_of(outcome: wire.Raised | wire.Stopped) -> Verdict:
    """The verdict on an exception, or on a process that ended."""
    match outcome:
        case wire.Stopped(limit) if limit in _STOPS:
            return _STOPS[limit][0]
        case wire.Raised(kind="MemoryError"):
            return Verdict.MEMORY_LIMIT_EXCEEDED
        case wire.Raised(kind="ForbiddenImport"):
            return Verdict.FORBIDDEN
        case wire.Raised(kind="OtherAnswer"):
            return Verdict.WRONG_ANSWER
        case _:
            return Verdict.RUNTIME_ERROR


def stopped(outcome: wire.Stopped) -> str:
    """Why a process ended, in words."""
    if outcome.limit in _STOPS:
        return _STOPS[outcome.limit][1]
    how = f"was killed by {outcome.detail}" if outcome.detail else "ended by itself"
    return f"the process {how} before the function returned: do not call exit functions or memory-unsafe code"


def withheld(outcome: wire.Outcome, program: Program, *, public: bool) -> wire.Outcome:
    """The outcome without what a program that has seen hidden inputs, its own or another's, could put into it.

    By then a process before it, of this program or another's, may have left something in the kernel. A message is kept as
    far as it is Python's own words and names of the source; at load and in hidden checks a line within the bound on
    lines. A hidden check's own messages are never told.
    """
    if not isinstance(outcome, wire.Raised):
        return outcome
    if public and not outcome.loading:
        return msgspec.structs.replace(outcome, message=own_words(outcome.message, program, outcome.kind))
    return _within_bounds(outcome, program)


def _within_bounds(raised: wire.Raised, program: Program) -> wire.Raised:
    message = own_words(raised.message, program, raised.kind) if raised.loading else raised.message
    shown = program.shows(raised.chunk, raised.line)
    return msgspec.structs.replace(
        raised, message=message, chunk=raised.chunk if shown else "", line=raised.line if shown else 0
    )


_NO_METHOD = "custom autograd.Function"
"""In what torch says, with the same kind of exception as a stub, where a class lacks a method that it calls."""


def is_stub(outcome: wire.Outcome) -> bool:
    """Whether it is what a stub raises that nobody has written an answer into."""
    return (
        isinstance(outcome, wire.Raised) and outcome.kind == "NotImplementedError" and _NO_METHOD not in outcome.message
    )


NOT_YET = "not attempted yet: replace `raise NotImplementedError` with your answer"
"""Of a check in which nothing else came back."""


def raised(outcome: wire.Raised, check: CheckKey, case: CaseKey | None = None) -> str:
    """An exception in words, with the `case` that raised it: its message only where no hidden input can be in it."""
    where = f" at {outcome.chunk}, line {outcome.line}" if outcome.chunk and outcome.line else ""
    told = outcome.loading or check.public
    match outcome.kind:
        case "MissingFunction":
            close = difflib.get_close_matches(check.function, outcome.message.split(", "), n=1)
            hint = f"; did you rename it to `{close[0]}`?" if close else "."
            return f"your file defines no function `{check.function}`{hint} Keep the name that the stub has."
        case "InnerFunction":
            return (
                f"your function `{check.function}` is defined inside of a class, a function or an `if`{where}, where nobody"
                " finds it: define it at the left margin."
            )
        case "OtherAnswer":
            return "what your function returned has another form, shape or order than is asked"
        case "ForbiddenImport":
            name = f": {outcome.message}" if told and outcome.message else ""
            return f"a forbidden import{where}{name}. Use numpy and the standard library, and hand in one self-contained file."
        case "MemoryError":
            return f"needs more memory than is allowed{where}"
        case kind if kind in UNREADABLE:
            message = f": {outcome.message}" if told and outcome.message else ""
            return f"Python cannot read it{where}{message}"
        case "FloatingPointError":
            single = any(
                np.dtype(array.dtype) == np.float32 for value in (case.args if case else ()) for array in arrays(value)
            )
            given = " for float32 inputs" if single else ""
            return (
                f"an intermediate result overflows or is undefined{where}{given}, although the right answer is finite"
            )
        case "ValueError" if check.readonly and "read-only" in outcome.message and not outcome.wrote:
            return f"writes into one of its arguments{where}, even if only for a while: work on a copy"
        case _ if outcome.wrote:
            names = ", ".join(f"`{check.arguments[index]}`" for index in outcome.wrote if index < len(check.arguments))
            several = len(outcome.wrote) > 1
            return (
                f"writes into its argument{'s' * several} {names}{where}: work on {'copies' if several else 'a copy'}"
            )
        case _:
            message = f": {outcome.message}" if told and outcome.message else ""
            return f"raised {outcome.kind}{where}{message}{_advice(outcome)}"


_ADVICE = (
    ("TypeError", "NoneType", "something is None there: is a `return` missing in what was called?"),
    ("AttributeError", "'NoneType' object", "something is None there: is a `return` missing in what was called?"),
    ("ValueError", "truth value of an array", "`if`, `and` and `max` ask one question of a whole array: use np.where, a mask or np.maximum"),
    ("TypeError", "0-dimensional arrays can be converted", "functions of `math` and `float` take single numbers: use those of numpy"),
    ("TypeError", "only length-1 arrays can be converted", "functions of `math` and `float` take single numbers: use those of numpy"),
    ("TypeError", "object is not subscriptable", "an argument may be a single number, which has no index: np.asarray makes an array of it"),
    ("TypeError", "does not support item assignment", "an argument may be a single number, which has no index: np.asarray makes an array of it"),
    ("TypeError", "object of type 'float' has no len", "an argument may be a single number, which has no length: np.asarray makes an array of it"),
    ("TypeError", "unhashable type: 'numpy.ndarray'", "an array is no key: neither `functools.lru_cache` nor a set or a dict takes one"),
    ("AttributeError", "'float' object has no attribute", "a plain number has come there, which has none; where an array is meant, np.asarray makes one of it"),
    ("ValueError", "nput must be 1- or 2-d", "np.diag needs one axis or two: what shape has its argument where a size is 1?"),
    ("NotImplementedError", _NO_METHOD, "torch finds no such method in your class: it calls `forward` and `backward`, by these names"),
    ("NotImplementedError", "", "such an input has no answer of yours yet"),
    ("OverflowError", "", "Python's own numbers and `math` stop at 1.8e308: use numpy, and a form that does not overflow"),
    ("ZeroDivisionError", "", "Python's own numbers cannot be divided by 0: which input makes the denominator 0?"),
)  # fmt: skip
"""What to do about exceptions that code for single numbers meets in arrays, and the other way round: by words of Python's own."""


def _advice(outcome: wire.Raised) -> str:
    """A tutor's sentence on an exception that many meet. It has none of the message's words, which may be anybody's."""
    advice = next((told for kind, words, told in _ADVICE if kind == outcome.kind and words in outcome.message), "")
    return f"; {advice}" if advice else ""


def left_out(raised: wire.Raised, program: Program | None = None) -> str:
    """What became of a statement outside of all functions that raised something: all of it, or with a `program` within its bounds."""
    if program is not None:
        raised = _within_bounds(raised, program)
    where = f"{raised.chunk}, line {raised.line}" if raised.chunk else "a statement"
    message = f" ({raised.message})" if raised.message else ""
    if raised.kind == "ForbiddenImport":
        return f"{where}: {raised.message or 'a forbidden import'}, and was left out"
    if raised.kind in UNREADABLE:
        return f"Python cannot read {raised.chunk or 'a cell'}{f' at line {raised.line}' * bool(raised.chunk)}{message}; all of it was left out"
    return f"{where} raises {raised.kind}{message}; that statement was left out"
