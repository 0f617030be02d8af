"""What a run and the nodes of a cluster say to each other, in the frames in which grading processes talk; Dask carries them as bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, TypeVar

import msgspec

from grader.course.model import Repair  # noqa: TC001  msgspec reads them
from grader.grading import messages
from grader.grading.checkout import Checkout  # noqa: TC001
from grader.grading.messages import Failed, Graded
from grader.wire import messages as wire

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "End",
    "Exchange",
    "Found",
    "Join",
    "Lacking",
    "Meet",
    "Met",
    "Refused",
    "answer",
    "frame",
    "request",
    "task",
]


class Join(msgspec.Struct, frozen=True):
    """What holds for the whole run, on every node."""

    run: str
    """A name that no other run has."""
    root: bytes
    """The course's folder, where the run is."""
    checkout: Checkout
    """What a node's own is compared with."""
    required: tuple[tuple[str, ...], ...]
    """The layers of isolation that are required."""
    repair: Repair
    layers: tuple[str, ...] = ()
    """Those that the run began with, once it has."""


class Meet(msgspec.Struct, frozen=True, tag="meet"):
    """To a node that the run has not met: whether it can take part."""

    join: Join


class Exchange(msgspec.Struct, frozen=True, tag="exchange"):
    """To a node: tasks, each with a number that it has in the run. What comes back is what has been finished, of whichever."""

    join: Join
    processes: int
    """In how many processes the node grades."""
    tasks: tuple[tuple[int, bytes], ...]
    """Each as the frame in which a grading process would get it, so that a false one spoils no other."""


class End(msgspec.Struct, frozen=True, tag="end"):
    """To a node: that the run has ended, and what still runs for it is not waited for."""

    run: str


class Met(msgspec.Struct, frozen=True, tag="met"):
    """From a node: that it can take part, with these layers of isolation."""

    host: str
    layers: tuple[str, ...]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """From a node: why it cannot take part."""

    host: str
    problem: str


class Found(msgspec.Struct, frozen=True, tag="found"):
    """From a node: what came of tasks, by their numbers, each in a frame of its own."""

    each: tuple[tuple[int, bytes], ...]
    back: tuple[int, ...] = ()
    """Those that have not been begun, for others, since what was begun takes long."""
    at_work: int = 0
    """How many it still has."""


class Lacking(msgspec.Struct, frozen=True, tag="lacking"):
    """From a node, of a task: the keys and contents of it that it has not, or not any more."""

    names: tuple[str, ...]


_Message = TypeVar("_Message")

Request = Meet | Exchange | End
Reply = Met | Refused | Found | Lacking | Graded | Failed

_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_replies: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
_encoder = msgspec.msgpack.Encoder()


def frame(message: Request | Reply) -> bytes:
    """A message as it is sent. Raises WireError for one that is too large, UnicodeEncodeError for half a surrogate pair in it."""
    return wire.frame(_encoder.encode(message), messages.MAX_FRAME)


def request(data: bytes) -> Request:
    """What a run says, in one frame. Raises EOFError, WireError, msgspec.MsgspecError."""
    return _message(data, _requests.decode)


def answer(data: bytes) -> Reply:
    """What a node says, in one frame. Raises EOFError, WireError, msgspec.MsgspecError."""
    return _message(data, _replies.decode)


def task(data: bytes) -> messages.Work:
    """A task, in one frame. Raises as `request` does, TypeError for anything else."""
    work = _message(data, messages.request)
    if not isinstance(work, messages.Work):
        raise TypeError("no task")
    return work


def _message(data: bytes, decode: Callable[[bytes], _Message]) -> _Message:
    stream = io.BytesIO(data)
    message = decode(messages.receive(stream))
    if stream.read(1):
        raise wire.WireError("more than one frame")
    return message
