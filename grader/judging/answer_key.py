"""The answer key: an exercise's checks and expected values, as plain data, and the form in which it is shipped."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.files import format_of
from grader.judging.compare import Precision, arranged, compare
from grader.wire.values import Value, arrays

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FORMAT", "AnswerKey", "CaseKey", "CheckKey", "decode_key", "digest", "encode_key", "judge_name"]

FORMAT = 2
"""The number of a shipped key's format: since 2, checks name their judges, which stand beside them."""


_SINGLE = frozenset(["<f4", "<f2", "<c8"])


class CaseKey(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call: its inputs, the expected value, and what each misconception answers where that differs from it."""

    args: tuple[Value, ...]
    expected: Value
    wrong: dict[str, Value | None] = {}
    """None where the wrong formula raises."""
    silent: tuple[str, ...] = ()
    """The misconceptions of which this case tells nothing, as their authors say."""

    @property
    def precision(self) -> Precision:
        """What can be asked of an answer to these inputs."""
        single = any(array.dtype in _SINGLE for value in self.args for array in arrays(value))
        return Precision.SINGLE if single else Precision.DOUBLE


class CheckKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A check, compiled."""

    name: str
    claim: str
    public: bool
    function: str
    points: float
    parts: dict[str, float]
    """The points of each part of the answer, by its name and in their order, where parts are judged apart."""
    named: tuple[str, ...] = ()
    """The names of the answer's parts where another check of the function gives them; see `names`."""
    readonly: bool
    strict: bool
    float64_only: bool = False
    """Whether a float32 result is held to the accuracy of float64, where that is what the inputs are."""
    judge: str
    """The name of the check's own judge; empty for a comparison with the expected values."""
    driver: str
    """The source of what makes the calls; empty for a plain call."""
    keep: bool
    visibility: str = "visible"
    """When a student's page has its line, see `course.checks.Visibility`."""
    together: bool = False
    """Whether the cases may be sent at once: none of their inputs holds another's answer."""
    arguments: tuple[str, ...]
    cases: tuple[CaseKey, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What the parts of the answer are called, in their order; none where no check of the function says so."""
        return tuple(self.parts) or self.named

    def precision(self, case: CaseKey) -> Precision:
        """What is asked of an answer to one of the cases."""
        asked = case.precision
        return Precision.ONLY_DOUBLE if self.float64_only and asked is Precision.DOUBLE else asked

    def agrees(self, case: CaseKey, value: Value) -> bool:
        """Whether an answer to one of the cases has the expected values, its parts in whichever form; a judge is not asked."""
        return compare(case.expected, arranged(case.expected, self.names, value), self.precision(case)) is None


class AnswerKey(msgspec.Struct, frozen=True, kw_only=True):
    """All that is needed to judge one exercise, but for the judges of its own: those are code of the course."""

    format_version: int = FORMAT
    exercise: str
    misconceptions: dict[str, str]
    """The feedback of each."""
    hints: tuple[str, ...]
    """From a nudge to nearly the solution."""
    checks: tuple[CheckKey, ...]
    judges: dict[str, str] = {}
    """The sources of the judges that checks name, in a key that is shipped to students. Anybody may have written them."""
    hidden_points: float = 0.0
    """What the checks are worth that are not in a shipped key."""

    @property
    def points(self) -> float:
        """What the exercise is worth."""
        return sum(check.points for check in self.checks)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that are asked for, in the order of their first check."""
        return tuple(dict.fromkeys(check.function for check in self.checks))


def encode_key(key: AnswerKey) -> bytes:
    """The key as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(key), indent=1) + b"\n"


def decode_key(data: bytes, path: Path) -> AnswerKey:
    """A key from JSON, of this format or an older one; `path` is for messages.

    Raises UsageError for a newer format, msgspec.MsgspecError for anything else.
    """
    found = format_of(data, path, FORMAT)
    key = msgspec.json.decode(data, type=AnswerKey)
    if found == FORMAT:
        return key
    sources = {judge_name(check.judge): check.judge for check in key.checks if check.judge}
    checks = (replace(check, judge=judge_name(check.judge) if check.judge else "") for check in key.checks)
    return replace(key, format_version=FORMAT, checks=tuple(checks), judges=sources)


def judge_name(source: str) -> str:
    """The name of a judge: a hash of its source, which sees its arguments, built-ins and numpy alone."""
    return hashlib.sha256(source.encode()).hexdigest()


def digest(key: AnswerKey) -> str:
    """A hash that changes whenever an input, an expected value, a point or a word of the key does."""
    return hashlib.sha256(msgspec.msgpack.encode(key)).hexdigest()
