"""A student's program, in the child: load it, call its functions, and describe what they raise."""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import re
import sys
from types import FrameType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from grader.wire import messages as wire
from grader.wire.functions import compiled
from grader.wire.values import pack, unpack
from grader.worker.cells import ForbiddenImport, compile_cell
from grader.worker.errstate import strict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec

    from grader.worker.cells import Cell

__all__ = ["Program"]

_MAX_TEXT = 500


_ALWAYS = sys.stdlib_module_names | {"numpy"}


class _ImportPolicy:
    """Refuses modules that an exercise does not allow, in words; what enforces it is that they cannot be read.

    To a library that looks for one, which it can do without, such a module is just not there.
    """

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = allowed

    def allows(self, package: str) -> bool:
        return package in _ALWAYS or package in self._allowed

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """Give no module itself; raise ForbiddenImport for one that is not allowed, where it is the program that asks for it."""
        top = name.partition(".")[0]
        if not self.allows(top) and not _asked_by_a_library():
            raise ForbiddenImport(top)
        return None


def _asked_by_a_library() -> bool:
    """Whether an import that is going on is of a module that was found as one: a program has no place, whatever it executes."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001
    ours = {"importlib", __package__.partition(".")[0]}
    while frame and str(frame.f_globals.get("__name__")).partition(".")[0] in ours:
        frame = frame.f_back
    return frame is not None and frame.f_globals.get("__spec__") is not None


class Program:
    """A student's program, loaded: its functions, and where in the source an exception came from."""

    def __init__(self, load: wire.Load) -> None:
        """Run the program. What it raises are its `failures`; `refused` are the imports that it had to do without."""
        self._sources = {chunk.name: chunk.source for chunk in load.chunks}
        self._module = ModuleType(load.module)
        self._lost: dict[str, wire.Raised] = {}
        self._unread: list[wire.Raised] = []
        self.failures: list[wire.Raised] = []
        self.refused: list[wire.Raised] = []
        policy = _ImportPolicy(load.imports)
        sys.meta_path.insert(0, policy)
        sys.modules[load.module] = sys.modules["__main__"] = self._module
        for chunk in load.chunks:
            self._run(chunk, load.mode, policy)
        self.functions = tuple(name for name, thing in vars(self._module).items() if callable(thing))

    def _run(self, chunk: wire.Chunk, mode: wire.Mode, policy: _ImportPolicy) -> None:
        """Run a chunk, without the statements at its top level that raise."""
        cell: Cell | None
        try:
            cell = compile_cell(chunk, policy.allows, definitions=mode == "definitions")
        except BaseException as error:  # noqa: BLE001  what compiles a text may fail in many ways
            self._unread.append(self._failed(error))
            return
        vars(self._module).update(cell.refused)
        for package, line in cell.imports:
            self.refused.append(self.describe(ForbiddenImport(package), chunk.name, line))
        if "*" in cell.refused:
            self._lost.setdefault("*", self.refused[-1])
        while cell is not None:
            running, cell = cell, None
            try:
                exec(running.code, vars(self._module))  # noqa: S102  student code runs here and only here
            except BaseException as error:  # noqa: BLE001  SystemExit and what a student defines are results too
                cell = self._after(running, error)

    def _after(self, cell: Cell, error: BaseException) -> Cell | None:
        """What comes after the statement that raised, if anything does."""
        failure = self._failed(error)
        try:
            rest, names = cell.without(error)
        except (MemoryError, RecursionError):  # the student's code may have left no room
            return None
        self._lost |= dict.fromkeys(names, failure)
        return rest

    def _failed(self, error: BaseException) -> wire.Raised:
        """What was raised at the top level; the cause of it, where that is a name which an earlier failure left unbound."""
        failure = msgspec.structs.replace(self.describe(error), loading=True)
        self.failures.append(failure)
        return self._cause(error) or failure

    def _cause(self, error: BaseException) -> wire.Raised | None:
        """What was raised in the place of a name that is now missing."""
        return self._lost.get(error.name or "") if type(error) is NameError else None

    def missing(self, function: str) -> wire.Raised | None:
        """Why a function is not there: what was raised where it would have been defined, as far as that can be told."""
        for failure in self._unread:
            source = self._sources.get(failure.chunk, "")
            if len(self._sources) == 1 or re.search(rf"\b{re.escape(function)}\b", source):
                return failure
        return self._lost.get(function) or self._lost.get("*") or self._inner(function)

    def _inner(self, name: str) -> wire.Raised | None:
        """Where something of that name is defined inside of a class, a function or an `if` that was not taken."""
        for chunk, source in self._sources.items():
            with contextlib.suppress(SyntaxError, ValueError, MemoryError, RecursionError):
                inside = (node for outer in ast.parse(source).body for node in ast.walk(outer) if node is not outer)
                for node in inside:
                    if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
                        return wire.Raised("InnerFunction", "", chunk, node.lineno, loading=True)
        return None

    def call(self, call: wire.Call) -> wire.Reply:
        """Call a function with fresh copies of its inputs (or read-only views of them)."""
        asked = function = vars(self._module).get(call.function)
        if call.driver:
            function = functools.partial(compiled(call.driver), function)
        try:
            with np.errstate(all="warn", under="ignore") if not call.strict else strict():
                result = function(*_inputs(call))  # type: ignore[misc]
            return wire.Returned(pack(result))
        except BaseException as error:  # noqa: BLE001  see above
            raised = self._cause(error) or self._where_imported(self.describe(error))
        if call.driver and _came_back(asked, raised):
            raised = wire.Raised("OtherAnswer")
        if call.readonly and raised.kind == "ValueError":
            raised = msgspec.structs.replace(raised, wrote=_written(function, call))
        return raised

    def vary(self, statement: str, call: wire.Call) -> wire.Reply:
        """Call a function while a statement at the top level has another form; afterwards the program is as before."""
        before = dict(vars(self._module))
        try:
            code = compile(f"from __future__ import annotations\n{statement}", "<variant>", "exec", dont_inherit=True)
            exec(code, vars(self._module))  # noqa: S102  the student's own, but for one change
            return self.call(call)
        except BaseException as error:  # noqa: BLE001  most variants make no sense
            return self.describe(error)
        finally:
            vars(self._module).clear()
            vars(self._module).update(before)

    def _where_imported(self, raised: wire.Raised) -> wire.Raised:
        """What a package that is not allowed raised: where it is imported, if no line of the student's uses it."""
        if raised.kind != "ForbiddenImport" or raised.chunk:
            return raised
        return next((each for each in self.refused if each.message == raised.message), raised)

    def describe(self, error: BaseException, chunk: str = "", line: int = 0) -> wire.Raised:
        """An exception as plain text, with the last line of the student's own that it passed [default: the one given]."""
        trace = error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if name in self._sources:
                chunk, line = name, trace.tb_lineno
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.filename in self._sources:
            chunk, line = error.filename, error.lineno or 0
        kind = type(error)
        name = kind.__name__ if kind is ForbiddenImport or vars(builtins).get(kind.__name__) is kind else _nearest(kind)
        try:
            message = str(error.msg if isinstance(error, SyntaxError) else error)[:_MAX_TEXT]
        except Exception:  # noqa: BLE001  a student's own __str__
            message = ""
        return wire.Raised(name, message, chunk, line)


_OF_ANOTHER_FORM = frozenset({"AttributeError", "IndexError", "KeyError", "TypeError", "ValueError"})
"""What Python and numpy raise of a value that is of another form or shape: no error of whoever returned it."""


def _came_back(function: Any, raised: wire.Raised) -> bool:
    """Whether a driver raised this of what a function had returned: no line of the student's was at work, and the call was taken.

    Of a class it makes objects, and calls more of them.
    """
    plain = isinstance(function, FunctionType)
    of_the_value = not raised.chunk and raised.kind in _OF_ANOTHER_FORM
    return plain and of_the_value and not raised.message.startswith(f"{function.__qualname__}()")


def _nearest(kind: type[BaseException]) -> str:
    """The built-in exception that a student's or a library's own derives from."""
    return next(str(base.__name__) for base in kind.__mro__ if vars(builtins).get(base.__name__) is base)


def _inputs(call: wire.Call, *, readonly: bool | None = None) -> list[Any]:
    return [unpack(argument, readonly=call.readonly if readonly is None else readonly) for argument in call.args]


def _written(function: Any, call: wire.Call) -> tuple[int, ...]:
    """Which arguments the function changes when it may, also inside of a list: its own word, for a sentence and never for points."""
    before, arguments = _inputs(call), _inputs(call, readonly=False)
    with contextlib.suppress(BaseException):
        function(*arguments)
    try:
        return tuple(
            position
            for position, (now, was) in enumerate(zip(arguments, before, strict=True))
            if pack(now) != pack(was)
        )
    except Exception:  # noqa: BLE001  a list may by now hold what a student defines
        return ()
