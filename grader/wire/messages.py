"""What the two sides of a pipe say to each other: length-capped frames of MessagePack, typed, never pickle."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from grader.wire.values import MAX_DEPTH, MAX_PARTS, Array, Code, Value, parts

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "BY_THE_CLOCK", "MAX_FAILURES", "MAX_FRAME", "MAX_NAMES", "REAP", "Call", "Chunk", "Ended", "Limit", "Load", "Loaded", "Mode", "Outcome", "OversizeError", "Raised", "Ready", "Reply", "Request", "Returned",
    "Spawn", "Start", "Stopped", "Vary", "WireError", "decode_reply", "decode_request",
    "decode_spawn", "decode_start", "encode", "frame", "frame_length", "read_frame", "reader", "write_frame",
]  # fmt: skip

MAX_FRAME = 32 * 2**20
"""The longest frame either side takes, in bytes: far above any answer of a course, far below the memory limit."""

MAX_NAMES, MAX_FAILURES = 200, 20
"""How many functions a worker names, and how many cells that raised something; more is no message."""

REAP = b"reap"
"""To the zygote: end the child, if it has not ended, and say how it did."""

_LENGTH = struct.Struct("<I")
_READ_AT_ONCE = 65536
"""What a pipe holds, in bytes."""


class WireError(Exception):
    """The bytes are not a message: too long, cut off, of another type, or an array that lies about its size."""


class OversizeError(WireError):
    """A frame, or a number of parts, above what is taken: somebody returned too much."""


class Chunk(msgspec.Struct, frozen=True):
    """A piece of a program: a whole file, or one cell of a notebook, which may have a name from nbgrader."""

    name: str
    source: str
    grade_id: str = ""


Mode = Literal["all", "definitions"]
"""How a program's chunks are run: each statement at their top level, one that raises being left out; or as far as they
define something, without what computes there."""


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Run a program's chunks in a new module called `module`, to find `functions` in it."""

    module: str
    chunks: tuple[Chunk, ...]
    functions: tuple[str, ...]
    imports: tuple[str, ...] = ()
    """What may be imported beside the standard library and numpy."""
    mode: Mode = "all"


class Call(msgspec.Struct, frozen=True, tag="call"):
    """Call one function of the loaded program."""

    function: str
    args: tuple[Value, ...]
    readonly: bool = False
    driver: str = ""
    """Source of a function that is given the program's function and the arguments, and makes the calls."""
    strict: bool = False
    """Whether overflow, division by zero and invalid operations raise (numpy's errstate)."""


class Vary(msgspec.Struct, frozen=True, tag="vary"):
    """Make a call once with each of these statements in the place of what the program binds to its name: a reply for each."""

    statements: tuple[str, ...]
    call: Call


class Returned(msgspec.Struct, frozen=True, tag="returned"):
    """The function returned a value."""

    value: Value


class Raised(msgspec.Struct, frozen=True, tag="raised"):
    """The program raised, at load or in a call; all of it is the student's own text."""

    kind: str
    message: str = ""
    chunk: str = ""
    line: int = 0
    wrote: Annotated[tuple[int, ...], msgspec.Meta(max_length=MAX_PARTS)] = ()
    """Positions of the arguments that the code writes into, for a call with read-only inputs."""
    loading: bool = False


class Loaded(msgspec.Struct, frozen=True, tag="loaded"):
    """The program ran; these are the names of the functions it defines, and what some of its statements raised."""

    functions: Annotated[tuple[str, ...], msgspec.Meta(max_length=MAX_NAMES)]
    failed: Annotated[tuple[Raised, ...], msgspec.Meta(max_length=MAX_FAILURES)] = ()
    missing: Annotated[dict[str, Raised], msgspec.Meta(max_length=MAX_NAMES)] = {}
    """Of functions that are asked for and not there, what was raised in their place."""


Limit = Literal["time", "output", "crash"]
"""What ended a process: its time, its output, or itself. Memory is a MemoryError, which the process lives to tell."""


BY_THE_CLOCK = "by the clock"
"""The detail of a stop that the machine's load may have decided; a limit of the processor's time decides alike each time."""


class Stopped(msgspec.Struct, frozen=True, tag="stopped"):
    """The process ended before it answered: at a limit ("time" or "output"; memory is a MemoryError) or on its own ("crash")."""

    limit: Limit
    detail: str = ""
    loading: bool = False


class Start(msgspec.Struct, frozen=True):
    """To a new worker: the packages to import before it locks itself, and the seccomp filters to do so with."""

    packages: tuple[str, ...]
    zygote_filter: bytes
    child_filter: bytes
    read_once: bool = False
    """Whether to read all that student code may read, once, so that it is in the system's memory."""
    many: bool = True
    """Whether to do now what each child would do for itself: it takes as long as many children do."""
    shared_objects: tuple[str, ...] = ()
    """Those of the system that student code may read; where there are none, they are found."""


class Ready(msgspec.Struct, frozen=True):
    """From a new worker: the layers of its lock that are active, and the shared objects that student code may read."""

    layers: tuple[str, ...]
    shared_objects: tuple[str, ...] = ()


class Spawn(msgspec.Struct, frozen=True):
    """To the zygote, with three descriptors (requests, replies, output): fork a child under these limits."""

    cpu_seconds: int
    memory_bytes: int
    output_bytes: int


class Ended(msgspec.Struct, frozen=True):
    """From the zygote: how a child ended. `status` is negative for a signal."""

    status: int
    cpu_seconds: float


Request = Load | Call | Vary
Reply = Loaded | Returned | Raised
Outcome = Returned | Raised | Stopped

_encoder = msgspec.msgpack.Encoder()
_request_decoder: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_reply_decoder: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
_start_decoder: msgspec.json.Decoder[Start] = msgspec.json.Decoder(Start)
_spawn_decoder: msgspec.json.Decoder[Spawn] = msgspec.json.Decoder(Spawn)


def encode(message: Request | Reply) -> bytes:
    """A whole frame: the length, then the message. Raises WireError above MAX_FRAME."""
    return frame(_encoder.encode(message))


def frame(body: bytes, most: int = MAX_FRAME) -> bytes:
    """A body with its length before it. Raises WireError above `most` bytes."""
    if len(body) > most:
        raise WireError("the value is too large")
    return _LENGTH.pack(len(body)) + body


def decode_start(body: bytes) -> Start:
    """The first message from the trusted side to a worker."""
    return _start_decoder.decode(body)


def decode_spawn(body: bytes) -> Spawn:
    """A message from the trusted side to a worker; works where this module is no longer in sys.modules."""
    return _spawn_decoder.decode(body)


def decode_request(body: bytes) -> Request:
    """A message from the trusted side."""
    return _request_decoder.decode(body)


def decode_reply(body: bytes) -> Reply:
    """A message from student code. Raises WireError for anything but a well-formed one."""
    try:
        reply = _reply_decoder.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, OverflowError, MemoryError) as error:
        problem = str(error)[:200]
        if "length <=" in problem and "$.value" in problem:  # msgspec has no kind of its own for it
            raise OversizeError("too many parts") from None
        raise WireError(problem) from None
    if isinstance(reply, Returned):
        _verify(reply.value)
    return reply


def _verify(value: Value) -> None:
    """Hold every array to its claimed size, and let no function through, without recursion and with a bound on the number and depth of nodes."""
    waiting = [(value, 0)]
    seen = 0
    while waiting:
        node, depth = waiting.pop()
        seen += 1
        if isinstance(node, Array) and (problem := node.problem()):
            raise WireError(f"an array with a false {problem}")
        # Whoever takes such a value out of its plain form compiles it.
        if isinstance(node, Code):
            raise WireError("a function, which is no answer")
        # What takes a value apart later does so by recursion.
        if depth > MAX_DEPTH:
            raise WireError("parts nested too deeply")
        waiting.extend((part, depth + 1) for part in parts(node))
        if seen + len(waiting) > MAX_PARTS:
            raise OversizeError("too many parts")


def frame_length(head: bytes, most: int = MAX_FRAME) -> int:
    """The length of the body that follows. Raises WireError above `most` bytes."""
    (length,) = _LENGTH.unpack(head)
    if length > most:
        raise OversizeError(f"a frame of {length} bytes")
    return int(length)


def read_frame(read: Callable[[int], bytes], most: int = MAX_FRAME) -> bytes | None:
    """One frame's body through `read(count)`, which may return less and returns nothing at the end; None at the end.

    Raises WireError where the end comes inside a frame, and for one of more than `most` bytes.
    """
    head = _read_exactly(read, _LENGTH.size)
    if not head:
        return None
    length = frame_length(head, most) if len(head) == _LENGTH.size else -1
    body = _read_exactly(read, length) if length >= 0 else b""
    if len(body) != length:
        raise WireError("the stream ended inside a frame")
    return body


def reader(descriptor: int) -> Callable[[int], bytes]:
    """Reads from a blocking descriptor for `read_frame`, as much as there is at a time."""
    waiting = b""

    def read(count: int) -> bytes:
        nonlocal waiting
        if not waiting:
            waiting = os.read(descriptor, max(count, _READ_AT_ONCE))
        piece, waiting = waiting[:count], waiting[count:]
        return piece

    return read


def _read_exactly(read: Callable[[int], bytes], count: int) -> bytes:
    """`count` bytes, or fewer at the end. Memory grows with what arrives, not with what is announced."""
    first = read(min(count, 1 << 20)) if count else b""
    if len(first) == count:  # as most are: what has come is read at once
        return first
    pieces = [first]
    while pieces[-1] and (count := count - len(pieces[-1])):
        pieces.append(read(min(count, 1 << 20)))
    return b"".join(pieces)


def write_frame(descriptor: int, frame: bytes) -> None:
    """Write a whole frame to a blocking descriptor."""
    view = memoryview(frame)
    while view:
        view = view[os.write(descriptor, view) :]
