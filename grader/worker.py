"""The worker: a zygote that has numpy, locks itself, and forks one child for each program of a student.

Started by `grader.sandbox` as `python -I -m grader.worker CONTROL`, CONTROL being a socket's descriptor; or, where a
process cannot fork, as `python -I -m grader.worker` with the pipes as its standard input and output. It is sent source,
function names and inputs, and sends back values: nothing that a student should not see ever enters it.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import gc
import importlib
import os
import random
import signal
import socket
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec
import numpy as np

from grader import lock, namespace, wire
from grader.value import compiled, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from pathlib import Path

__all__ = ["ForbiddenImport"]

_MAX_TEXT = 500

_LAZY = ("numpy.fft", "numpy.linalg", "numpy.ma", "numpy.random")
"""What numpy imports at first use: once here, not once in every child."""


class ForbiddenImport(ImportError):  # noqa: N818  its name is what crosses the wire
    """The program imports what its exercise does not allow."""


class _ImportPolicy:
    """Refuses modules that an exercise does not allow, in words; what enforces it is that they cannot be read."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = {*sys.stdlib_module_names, "numpy", *allowed}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """Give no module itself; raise ForbiddenImport for one that is not allowed."""
        top = name.partition(".")[0]
        if top not in self._allowed:
            raise ForbiddenImport(f"import of {top!r} is not allowed here", name=top)
        return None


class _Program:
    """A student's program, loaded: its functions, and where in the source an exception came from."""

    def __init__(self, load: wire.Load) -> None:
        self._chunks = {chunk.name for chunk in load.chunks}
        self._module = ModuleType(load.module)
        self.failure: wire.Raised | None = None
        sys.meta_path.insert(0, _ImportPolicy(load.imports))
        sys.modules[load.module] = sys.modules["__main__"] = self._module
        for chunk in load.chunks:
            before = dict(vars(self._module))
            try:
                exec(_compile(chunk), vars(self._module))  # noqa: S102  the student's code runs here and only here
            except BaseException as error:  # noqa: BLE001  SystemExit and what a student defines are results too
                # Cells before this one count, as they would in the notebook.
                self.failure = msgspec.structs.replace(self.describe(error), loading=True)
                vars(self._module).clear()
                vars(self._module).update(before)
                break
        self.functions = tuple(name for name, thing in vars(self._module).items() if callable(thing))

    def call(self, call: wire.Call) -> wire.Reply:
        """Call a function with fresh copies of its inputs (or read-only views of them)."""
        function = vars(self._module).get(call.function)
        if call.driver:
            function = functools.partial(compiled(call.driver), function)
        try:
            with np.errstate(all="warn", under="ignore") if not call.strict else _strict():
                result = function(*_inputs(call))  # type: ignore[misc]
            return wire.Returned(pack(result))
        except BaseException as error:  # noqa: BLE001  see above
            raised = self.describe(error)
        if call.readonly and raised.kind == "ValueError":
            raised = msgspec.structs.replace(raised, wrote=_written(function, call))
        return raised

    def describe(self, error: BaseException) -> wire.Raised:
        """An exception as plain text, with the last line of the student's own that it passed."""
        chunk, line = "", 0
        trace = error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if name in self._chunks:
                chunk, line = name, trace.tb_lineno
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.filename in self._chunks:
            chunk, line = error.filename, error.lineno or 0
        kind = type(error)
        name = kind.__name__ if kind is ForbiddenImport or vars(builtins).get(kind.__name__) is kind else _nearest(kind)
        try:
            message = str(error.msg if isinstance(error, SyntaxError) else error)[:_MAX_TEXT]
        except Exception:  # noqa: BLE001  a student's own __str__
            message = ""
        return wire.Raised(name, message, chunk, line)


def _nearest(kind: type[BaseException]) -> str:
    """The built-in exception that a student's or a library's own derives from."""
    return next(str(base.__name__) for base in kind.__mro__ if vars(builtins).get(base.__name__) is base)


@contextlib.contextmanager
def _strict() -> Any:
    """Overflow, division by zero and invalid operations raise; underflow may happen in a right answer."""
    with np.errstate(over="raise", divide="raise", invalid="raise", under="ignore"):
        yield


def _compile(chunk: wire.Chunk) -> Any:
    """Compile a chunk; one that fails is tried again without the lines that only IPython understands."""
    try:
        return compile(chunk.source, chunk.name, "exec", dont_inherit=True)
    except SyntaxError:
        lines = chunk.source.splitlines(keepends=True)
        magic = [line.lstrip().startswith(("%", "!")) for line in lines]
        if not any(magic):
            raise
        kept = (f"{line[: len(line) - len(line.lstrip())]}pass\n" if is_magic else line
                for line, is_magic in zip(lines, magic, strict=True))  # fmt: skip
        return compile("".join(kept), chunk.name, "exec", dont_inherit=True)


def _inputs(call: wire.Call, *, readonly: bool | None = None) -> list[Any]:
    return [unpack(argument, readonly=call.readonly if readonly is None else readonly) for argument in call.args]


def _written(function: Any, call: wire.Call) -> tuple[int, ...]:
    """Which arguments the function changes when it may: its own word, for a sentence and never for points."""
    arguments = _inputs(call, readonly=False)
    with contextlib.suppress(BaseException):
        function(*arguments)
    return tuple(
        position
        for position, (now, before) in enumerate(zip(arguments, call.args, strict=True))
        if isinstance(now, np.ndarray) and pack(now) != before
    )


def serve(requests: int, replies: int) -> NoReturn:
    """Answer one request after the other until the pipe ends; leaves without finalizers or atexit of the student's."""
    program: _Program | None = None

    def read(count: int) -> bytes:
        return os.read(requests, count)

    while (body := wire.read_frame(read)) is not None:
        request = wire.decode_request(body)
        if isinstance(request, wire.Load):
            program = _Program(request)
            wanted = program.failure if program.failure and not _complete(program, request) else None
            reply: wire.Reply = wanted or wire.Loaded(program.functions[:200])
        elif program is None:
            break
        else:
            reply = program.call(request)
        _flush()
        wire.write_frame(replies, _encode(reply))
    os._exit(0)


def _flush() -> None:
    """Hand on what was printed: an exit without finalizers would lose it."""
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):
            stream.flush()  # type: ignore[union-attr]


def _complete(program: _Program, load: wire.Load) -> bool:
    """Whether the cells before a failing one defined all the functions asked for."""
    return all(name in program.functions for name in load.functions)


def _encode(reply: wire.Reply) -> bytes:
    """A reply's frame; a value that cannot cross is an exception of the call."""
    try:
        return wire.encode(reply)
    except (wire.WireError, RecursionError, MemoryError, UnicodeEncodeError) as error:
        kind = "MemoryError" if isinstance(error, MemoryError | wire.WireError) else "ValueError"
        return wire.encode(wire.Raised(kind, "the returned value is too large or too deeply nested"))


def _adopt(output: int) -> None:
    """Standard output and error go to `output`, standard input gives nothing."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, source in ((0, nothing), (1, output), (2, output)):
        os.dup2(source, descriptor)
    os.close(nothing)
    for name, descriptor, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        stream = open(descriptor, mode, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _clean() -> None:
    """Every program starts alike: none of the grader's modules, the same random numbers, signals as the system has them."""
    random.seed(0)  # here, because the module seeds itself anew in every forked process
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]
    if hasattr(signal, "SIGXFSZ"):
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it: output over the limit would not stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def zygote(control: socket.socket) -> None:
    """Import, lock, and fork a child for each Spawn until the socket ends."""
    start = msgspec.json.decode(control.recv(65536), type=wire.Start)
    namespaces = namespace.enter(control.fileno())
    lock.die_with_parent(os.getppid())
    baseline, child_lock, layers = _prepare(start.packages, namespaces=namespaces)
    _send(control, wire.Ready(layers))
    child = 0
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 4096, 3)
        if not message:
            break
        if message == wire.REAP:
            _send(control, _reap(child))
            continue
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            control.close()
            lock.die_with_parent(parent)
            _adopt(descriptors[2])
            os.close(descriptors[2])
            child_lock.enter(msgspec.json.decode(message, type=wire.Spawn), baseline)
            _clean()
            serve(descriptors[0], descriptors[1])
        for descriptor in descriptors:
            os.close(descriptor)


def _prepare(packages: Sequence[str], *, namespaces: bool) -> tuple[int, lock.ChildLock, tuple[str, ...]]:
    """Import and lock; returns the memory in use, what children add to the lock, and the layers that are active."""
    for package in (*_LAZY, *packages):
        importlib.import_module(package)
    np.random.seed(0)  # noqa: NPY002  the state that students' code uses: every program starts with the same
    readable = list(lock.readable_roots(["numpy", *packages]))
    baseline = lock.memory_in_use()
    child_lock = lock.ChildLock()
    layers = (*_enter_namespaces(readable), *lock.lock_zygote(readable)) if namespaces else lock.lock_zygote(readable)
    gc.freeze()  # a child's collections would otherwise copy every page of the zygote's objects
    return baseline, child_lock, layers


def _enter_namespaces(readable: Sequence[Path]) -> tuple[str, ...]:
    """Finish what `namespace.enter` began: mounting fails once Landlock is on."""
    try:
        namespace.hide_files(readable)
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
    body = wire.read_frame(lambda count: os.read(requests, count)) or b""
    limits = msgspec.json.decode(body, type=wire.Spawn)
    baseline, child_lock, layers = _prepare((), namespaces=False)
    wire.write_frame(replies, wire.frame(msgspec.json.encode(wire.Ready(layers))))
    _adopt(2)
    child_lock.enter(limits, baseline)
    _clean()
    serve(requests, replies)


if __name__ == "__main__":
    if sys.argv[1:]:
        zygote(socket.socket(fileno=int(sys.argv[1])))
    else:
        single()
