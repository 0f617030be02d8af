"""A student's program, in the child: load it, call its functions, and describe what they raise."""

from __future__ import annotations

import builtins
import contextlib
import functools
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from grader.wire import messages as wire
from grader.wire.functions import compiled
from grader.wire.values import pack, unpack
from grader.worker.cells import ForbiddenImport, compile_cell, parse
from grader.worker.errstate import strict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec

__all__ = ["Program"]

_MAX_TEXT = 500


class _ImportPolicy:
    """Refuses modules that an exercise does not allow, in words; what enforces it is that they cannot be read."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = {*sys.stdlib_module_names, "numpy", *allowed}

    def allows(self, package: str) -> bool:
        return package in self._allowed

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """Give no module itself; raise ForbiddenImport for one that is not allowed."""
        top = name.partition(".")[0]
        if not self.allows(top):
            raise ForbiddenImport(top)
        return None


class Program:
    """A student's program, loaded: its functions, and where in the source an exception came from."""

    def __init__(self, load: wire.Load) -> None:
        """Run the program. What it raises are its `failures`; `refused` are the imports that it had to do without."""
        self._sources = {chunk.name: chunk.source for chunk in load.chunks}
        self._module = ModuleType(load.module)
        self.failures: list[wire.Raised] = []
        self.refused: list[wire.Raised] = []
        policy = _ImportPolicy(load.imports)
        sys.meta_path.insert(0, policy)
        sys.modules[load.module] = sys.modules["__main__"] = self._module
        for chunk in load.chunks:
            try:
                exec(self._compiled(chunk, load.mode, policy), vars(self._module))  # noqa: S102  student code runs here and only here
            except BaseException as error:  # noqa: BLE001  SystemExit and what a student defines are results too
                self.failures.append(msgspec.structs.replace(self.describe(error), loading=True))
                # A file is good or not, as for whoever imports it; in a notebook, what a cell did before it failed stays.
                if load.mode == "file":
                    vars(self._module).clear()
                    break
        self.functions = tuple(name for name, thing in vars(self._module).items() if callable(thing))

    def _compiled(self, chunk: wire.Chunk, mode: wire.Mode, policy: _ImportPolicy) -> Any:
        if mode == "file":
            try:
                return compile(chunk.source, chunk.name, "exec", dont_inherit=True)
            except SyntaxError:  # perhaps a notebook that was saved as a file
                return compile(parse(chunk), chunk.name, "exec", dont_inherit=True)
        code, names, packages = compile_cell(chunk, policy.allows, definitions=mode == "definitions")
        vars(self._module).update(names)
        for package, line in packages:
            self.refused.append(self.describe(ForbiddenImport(package), chunk.name, line))
        return code

    def failure(self, missing: Sequence[str]) -> wire.Raised | None:
        """Why functions are missing: what a cell raised that names one of them, else the first that was raised."""
        near = [each for each in self.failures if any(name in self._sources.get(each.chunk, "") for name in missing)]
        return next(iter(near or self.failures), None)

    def call(self, call: wire.Call) -> wire.Reply:
        """Call a function with fresh copies of its inputs (or read-only views of them)."""
        function = vars(self._module).get(call.function)
        if call.driver:
            function = functools.partial(compiled(call.driver), function)
        try:
            with np.errstate(all="warn", under="ignore") if not call.strict else strict():
                result = function(*_inputs(call))  # type: ignore[misc]
            return wire.Returned(pack(result))
        except BaseException as error:  # noqa: BLE001  see above
            raised = self.describe(error)
        if call.readonly and raised.kind == "ValueError":
            raised = msgspec.structs.replace(raised, wrote=_written(function, call))
        return raised

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


def _nearest(kind: type[BaseException]) -> str:
    """The built-in exception that a student's or a library's own derives from."""
    return next(str(base.__name__) for base in kind.__mro__ if vars(builtins).get(base.__name__) is base)


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
