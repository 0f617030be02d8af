"""What a run and its grading processes say to each other: the wire's frames of MessagePack, typed, never pickle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.course.model import Exercise, Repair  # noqa: TC001  msgspec reads them
from grader.grading.tasks import Finding, Given, Task
from grader.submissions.program import Refusal
from grader.wire import messages as wire

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import BinaryIO

    from grader.judging.answer_key import AnswerKey

__all__ = ["MAX_FRAME", "Altered", "Asked", "Begin", "Failed", "Graded", "Key", "Logged", "Ready", "Work", "answer", "frame", "receive", "request", "task_of", "work_of"]  # fmt: skip

MAX_FRAME = 2**30
"""Two grading processes trust each other; a student's 64 MiB is what a frame holds most of."""


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """To a new process: what holds for the whole run."""

    root: bytes
    """The course's folder."""
    required: tuple[tuple[str, ...], ...]
    """The layers of isolation that are required."""
    layers: tuple[str, ...]
    """Those that the run began with."""
    repair: Repair
    shipped: bool
    """Whether the keys are those that students have, whose judges run in the sandbox."""
    level: int
    """What is logged."""
    core: int | None = None
    """The processor that it, and all that it starts, runs on; any where there is none."""
    nicer: int = 0
    """By how much others go before it, and before all that it starts."""


class Key(msgspec.Struct, frozen=True):
    """A key with the sources of its judges, sent before the first answer that is judged by it."""

    name: str
    """Its digest, which what is sent is held to."""
    data: bytes
    kept: bool
    """Whether others have it too."""


class _Answer(msgspec.Struct, frozen=True):
    exercise: Exercise
    key: str
    content: str
    name: str
    others: dict[str, tuple[str, ...]]
    refusal: Refusal | None


class Work(msgspec.Struct, frozen=True, tag="work"):
    """A task; what was handed in by its content, and keys by their names, each sent once."""

    answers: tuple[_Answer, ...]
    contents: dict[str, bytes | tuple[wire.Chunk, ...]]
    keys: tuple[Key, ...]
    search: bool
    last: bool


class Altered(msgspec.Struct, frozen=True, tag="altered"):
    """What altered inputs give, or why that is not to be had."""

    data: bytes
    problem: str = ""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """From a new process: that it can grade."""


class Asked(msgspec.Struct, frozen=True, tag="asked"):
    """From a process: what altered inputs give for a function of one of the answers at hand. The run keeps it, and so finds it once."""

    answer: int
    function: str


class Logged(msgspec.Struct, frozen=True, tag="logged"):
    """From a process: a line for the log."""

    name: str
    level: int
    text: str


class Graded(msgspec.Struct, frozen=True, tag="graded"):
    """From a process: what came of a task."""

    found: tuple[Finding, ...]


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """From a process: that it cannot grade a task, or any."""

    problem: str
    usage: bool = False
    """Whether a sentence for a person, else a traceback."""


_Request = Begin | Work | Altered
_Reply = Ready | Asked | Logged | Graded | Failed

_requests: msgspec.msgpack.Decoder[_Request] = msgspec.msgpack.Decoder(_Request)
_replies: msgspec.msgpack.Decoder[_Reply] = msgspec.msgpack.Decoder(_Reply)
_encoder = msgspec.msgpack.Encoder()


def frame(message: _Request | _Reply) -> bytes:
    """A message as it is sent. Raises WireError for one that is too large, UnicodeEncodeError for half a surrogate pair in it."""
    return wire.frame(_encoder.encode(message), MAX_FRAME)


def receive(stream: BinaryIO) -> bytes:
    """The body of the next message. Raises EOFError at the end, WireError for one that is cut off."""
    body = wire.read_frame(stream.read, MAX_FRAME)
    if body is None:
        raise EOFError
    return body


def request(body: bytes) -> _Request:
    """What a run says to a process. Raises msgspec.MsgspecError."""
    return _requests.decode(body)


def answer(body: bytes) -> _Reply:
    """What a process says to its run. Raises msgspec.MsgspecError."""
    return _replies.decode(body)


def work_of(task: Task, keys: tuple[Key, ...], known: Collection[str] = ()) -> Work:
    """A task as it is sent, with those of its keys that the process has not, and without the contents that are known there."""
    answers = tuple(
        _Answer(
            each.exercise, each.digest, each.content, each.name, dict(each.others),
            each.read if isinstance(each.read, Refusal) else None,
        )
        for each in task.given
    )  # fmt: skip
    contents = {
        each.content: each.read
        for each in task.given
        if not isinstance(each.read, Refusal) and each.content not in known
    }
    return Work(answers, contents, keys, task.search, task.last)


def task_of(work: Work, keys: Mapping[str, AnswerKey]) -> Task:
    """A task as it was sent. Raises KeyError for a key that was not."""
    given = (
        Given(
            each.exercise, keys[each.key], each.key, each.refusal or work.contents[each.content], each.content, each.name,
            each.others,
        )
        for each in work.answers
    )  # fmt: skip
    return Task(tuple(given), work.search, work.last)
