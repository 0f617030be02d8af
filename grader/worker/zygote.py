"""The worker: a zygote that has numpy, locks itself, and forks one child for each program of a student.

Started by `grader.sandbox.workers` as `python -m grader.worker CONTROL`, CONTROL being a socket's descriptor; or, where a
process cannot fork, as `python -m grader.worker` with the pipes as its standard input and output. It is sent source,
function names and inputs, and sends back values: nothing that a student should not see ever enters it.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import os
import random
import signal
import socket
import sys
from typing import TYPE_CHECKING, NoReturn

import msgspec
import numpy as np

from grader.wire import messages as wire
from grader.wire.values import Array, Text, parts
from grader.worker import errstate, heap, lock, namespaces, pages
from grader.worker.probe import in_child
from grader.worker.program import Program
from grader.worker.warm import look_at_processor, warm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from grader.wire.values import Value

__all__ = ["import_and_warm", "lay_out", "serve", "single", "zygote"]

_NEEDED = ("numpy.random", "numpy.typing")
"""What has a state that every child finds the same, and what every stub imports."""
_LAZY = ("numpy.fft", "numpy.linalg", "numpy.ma")
"""What else numpy imports at first use: once here, not once in every child that uses it."""


def serve(read: Callable[[int], bytes], write: Callable[[bytes], None]) -> None:
    """Answer one request after the other until there are no more."""
    program: Program | None = None
    while (body := wire.read_frame(read)) is not None:
        request = wire.decode_request(body)
        if isinstance(request, wire.Load):
            program = Program(request)
            given: Iterable[wire.Reply] = [_loaded(program, request)]
        elif program is None:
            break
        elif isinstance(request, wire.Vary):
            given = map(functools.partial(program.vary, call=request.call), request.statements)
        else:
            given = [program.call(request)]
        for reply in given:
            _flush()
            write(_encode(reply))


def _serve(requests: int, replies: int) -> NoReturn:
    """Be a program's process until the pipe ends; leaves without finalizers or atexit of the student's."""
    serve(wire.reader(requests), functools.partial(wire.write_frame, replies))
    os._exit(0)


def _flush() -> None:
    """Hand on what was printed: an exit without finalizers would lose it."""
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):
            stream.flush()  # type: ignore[union-attr]


def _loaded(program: Program, load: wire.Load) -> wire.Loaded:
    """What there is of a program; where a function is missing, what was raised instead."""
    failed = tuple([*program.refused, *program.failures][: wire.MAX_FAILURES])
    absent = [name for name in load.functions if name not in program.functions]
    missing = {name: why for name in absent if (why := program.missing(name))}
    return wire.Loaded(_named(program, load), failed, missing)


def _named(program: Program, load: wire.Load) -> tuple[str, ...]:
    """The functions asked for that there are, then others, the last defined first: what comes early may be imported."""
    asked = [name for name in load.functions if name in program.functions]
    others = [name for name in reversed(program.functions) if name not in asked]
    return tuple((asked + others)[: wire.MAX_NAMES])


def _encode(reply: wire.Reply) -> bytes:
    """A reply's frame; a value that cannot cross is an exception of the call."""
    try:
        # Asked first, because the encoder itself crashes where there is no memory for what it writes.
        if isinstance(reply, wire.Returned) and _size(reply.value) > wire.MAX_FRAME:
            raise MemoryError  # noqa: TRY301  told as below
        return wire.encode(reply)
    except (wire.WireError, RecursionError, MemoryError, UnicodeEncodeError) as error:
        kind = "MemoryError" if isinstance(error, MemoryError | wire.WireError) else "ValueError"
        return wire.encode(wire.Raised(kind, "the returned value is too large or too deeply nested"))


def _size(value: Value) -> int:
    """The bytes and characters in a value."""
    match value:
        case Array():
            return len(value.data)
        case Text():
            return len(value.text)
        case _:
            return sum(map(_size, parts(value)))


def _clean() -> None:
    """Leave what every program starts with: none of the grader's modules, streams that take any text, the system's signals."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]
    for name, descriptor, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        # Line by line: what was printed before a crash is what a student looks for.
        stream = open(descriptor, mode, 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    if hasattr(signal, "SIGXFSZ"):
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it: output over the limit would not stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The states that students' code uses: every program starts with the same.
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002


def zygote(control: socket.socket, *, apart: bool, to_read: int) -> None:
    """Import, lock, and fork a child for each Spawn until the socket ends.

    Whether the process is `apart`, in namespaces of its own, is known; it names what is to be read at `to_read`. What all children have
    in common is done before they are forked: a child pays for every page that it writes to.
    """
    start = wire.decode_start(control.recv(65536))
    lock.die_with_parent(os.getppid())
    child_lock, ready = _prepare(start, apart=apart, forks=True, to_read=to_read)
    _send(control, ready)
    child = 0
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 4096, 3)
        if not message:
            break
        if message == wire.REAP:
            _send(control, _reap(child))
            continue
        limits = wire.decode_spawn(message)
        parent = os.getpid()
        child = lock.fork()
        if child == 0:
            os.close(control.fileno())
            lock.die_with_parent(parent)
            requests, replies, output = descriptors
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.close(output)
            child_lock.enter(limits)
            _serve(requests, replies)
        for descriptor in descriptors:
            os.close(descriptor)


def _prepare(start: wire.Start, *, apart: bool, forks: bool, to_read: int = -1) -> tuple[lock.ChildLock, wire.Ready]:
    """Import, clean up and lock; returns what children add to the lock, and what there is to say of it.

    What student code may read is read here, or by whoever is at the other end of `to_read`.
    """
    import_and_warm(start.packages, lazy=start.many, forks=forks and start.many)
    if forks and start.many:
        lay_out()
    objects = start.shared_objects or tuple(lock.shared_objects())
    readable = lock.readable_roots(["numpy", *start.packages], objects)
    if start.read_once and not apart:
        lock.read_once(readable)
    if to_read >= 0:
        with open(to_read, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write("\n".join(map(str, readable)) if start.read_once and apart else "")
    zygote_filter, child_filter = (start.zygote_filter, start.child_filter) if lock.takes_filters() else (b"", b"")
    child_lock = lock.ChildLock(child_filter)
    layers = (*(_enter_namespaces(readable) if apart else ()), *lock.lock_zygote(readable, zygote_filter, apart=apart))
    _clean()
    if start.many:
        gc.collect()
        heap.fill_gaps()
    gc.freeze()  # a child's collections would otherwise copy every page of the zygote's objects
    gc.enable()
    return child_lock, wire.Ready(layers, objects)


def import_and_warm(packages: Iterable[str], *, lazy: bool = True, forks: bool = True) -> None:
    """Import what all children share, and with `forks` run what each of them runs, so that none does it for the first time."""
    for package in (*_NEEDED, *(_LAZY if lazy else ()), *packages):
        importlib.import_module(package)
    look_at_processor()
    errstate.install()
    if forks:
        heap.keep_freed_memory()
        warm(serve)


def lay_out() -> None:
    """Have what is in memory lie so that a fork has little to go through, and a child meets at once the code that it needs."""
    pages.settle()
    for place in (in_child(_code_of_a_program) or "").split():
        pages.copy_code(int(place))


def _code_of_a_program() -> str:
    """The places of the code that a program needs, once it has run."""
    warm(serve, turns=1)
    return " ".join(map(str, pages.code_in_use()))


def _enter_namespaces(readable: Sequence[Path]) -> tuple[str, ...]:
    """Finish what `namespaces.enter` began: mounting fails once Landlock is on."""
    try:
        namespaces.hide_files(readable)
    except OSError:
        return ("namespaces",)
    return ("namespaces", "mounts")


def _send(control: socket.socket, message: wire.Ready | wire.Ended) -> None:
    control.send(msgspec.json.encode(message))


def _reap(child: int) -> wire.Ended:
    """End a child, if it has not ended, and say how it did."""
    os.kill(child, signal.SIGKILL)
    if os.getpid() == 1:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)  # whatever else is in this process namespace was left behind by a child
    _, status, usage = os.wait4(child, 0)
    return wire.Ended(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime)


def single() -> None:
    """Be the only child: where a process cannot fork, the pipes are standard input and output."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  exists on Windows alone

        for descriptor in (0, 1):
            msvcrt.setmode(descriptor, os.O_BINARY)
    requests, replies = os.dup(0), os.dup(1)
    lock.die_with_parent(os.getppid())
    start, spawn = (wire.read_frame(lambda count: os.read(requests, count)) or b"" for _ in range(2))
    limits = wire.decode_spawn(spawn)
    child_lock, ready = _prepare(wire.decode_start(start), apart=False, forks=False)
    wire.write_frame(replies, wire.frame(msgspec.json.encode(ready)))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    child_lock.enter(limits)
    _serve(requests, replies)
