"""The answer key: an exercise's checks and expected values, as plain data."""

from __future__ import annotations

import hashlib

import msgspec

from grader.wire.values import Value  # noqa: TC001  msgspec reads the annotations

__all__ = ["AnswerKey", "CaseKey", "CheckKey", "decode_key", "digest", "encode_key"]


class CaseKey(msgspec.Struct, frozen=True):
    """One call: its inputs, the expected value, and what each misconception answers where that differs from it."""

    args: tuple[Value, ...]
    expected: Value
    wrong: dict[str, Value | None] = {}
    """None where the wrong formula raises."""


class CheckKey(msgspec.Struct, frozen=True):
    """A check, compiled."""

    name: str
    claim: str
    public: bool
    function: str
    points: float
    parts: dict[str, float]
    readonly: bool
    strict: bool
    judge: str
    """The source of the check's own judge; empty for a comparison with the expected values."""
    driver: str
    """The source of what makes the calls; empty for a plain call."""
    keep: bool
    arguments: tuple[str, ...]
    cases: tuple[CaseKey, ...]


class AnswerKey(msgspec.Struct, frozen=True):
    """All that is needed to judge one exercise."""

    exercise: str
    misconceptions: dict[str, str]
    """The feedback of each."""
    hints: tuple[str, ...]
    """From a nudge to nearly the solution."""
    checks: tuple[CheckKey, ...]

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


def decode_key(data: bytes) -> AnswerKey:
    """A key from JSON. Raises msgspec.MsgspecError for anything else."""
    return msgspec.json.decode(data, type=AnswerKey)


def digest(key: AnswerKey) -> str:
    """A hash that changes whenever an input, an expected value, a point or a word of the key does."""
    return hashlib.sha256(msgspec.msgpack.encode(key)).hexdigest()
