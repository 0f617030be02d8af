"""How a file, or a cell of a notebook, is compiled: as Python or Jupyter would run it, less what cannot be had here. In the child.

A package that is not allowed can be imported at the top of a cell, and raises where it is used; a statement at the top
that raises is left out, and the next ones are run. Most programs import, read and print more than their answers need.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
import functools
import itertools
import operator
import re
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import CodeType

    from grader.wire.messages import Chunk

__all__ = ["Cell", "ForbiddenImport", "Refused", "compile_cell", "parse"]

_IMPORT = re.compile(r"^(import|from)[ \t]+(\w+)([^\n]*)", re.MULTILINE)
_SECOND_IMPORT = re.compile(r";[ \t\f]*(?:\\\r?\n[ \t\f]*)*(?:import|from)\b")
"""One behind another statement on its line."""
_TIMED = re.compile(r"^([ \t]*)%time[ \t]+(?=[\w.,\[\] \t]++=(?!=))")
"""In front of an assignment that IPython is to time."""
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPUTES = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

_FUTURE = functools.reduce(
    operator.or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
)
"""The flags of what a `from __future__` at the head of a cell changes, also for what is compiled apart from it."""


class ForbiddenImport(ImportError):  # noqa: N818  its name is what crosses the wire
    """The program imports, or uses, what its exercise does not allow."""

    def __init__(self, package: str) -> None:
        """Name the package."""
        super().__init__(f"import of {package!r} is not allowed here", name=package)


class Refused:
    """What stands for a package that is not allowed, and for what is imported from it: any use raises ForbiddenImport."""

    def __init__(self, package: str) -> None:
        """Stand for a package."""
        self._package = package

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise ForbiddenImport(self._package)

    __getattr__ = __call__ = __getitem__ = __iter__ = __len__ = __enter__ = __exit__ = __mro_entries__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __matmul__ = __rmatmul__ = _refuse
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __neg__ = __float__ = __int__ = _refuse


class Cell(msgspec.Struct, frozen=True):
    """A cell, or what is left of it to run, as code."""

    code: CodeType
    chunk: Chunk
    body: tuple[ast.stmt, ...] | None
    """Its statements; None where a cell is run as it stands."""
    refused: Mapping[str, Refused]
    """What stands for the imports left out of it, by name."""
    imports: tuple[tuple[str, int], ...]
    """The packages of these, and the lines."""

    def without(self, error: BaseException) -> tuple[Cell | None, frozenset[str]]:
        """What of the cell comes after the statement that raised; and the names that this one would have bound.

        None where nothing comes after it, or nothing says which statement it was.
        """
        place = _place_in(error, self.code)
        body = tuple(parse(self.chunk).body) if self.body is None else self.body
        failed = [each for each in body if _begin(each)[: len(place)] <= place <= _end(each)[: len(place)]]
        if not failed:
            return None, frozenset()
        rest = body[body.index(failed[-1]) + 1 :]
        lost = frozenset(name for statement in failed for name in _bound(statement))
        if not rest:
            return None, lost
        tree = ast.Module(list(rest), [])
        code = compile(tree, self.chunk.name, "exec", self.code.co_flags & _FUTURE, dont_inherit=True)
        return Cell(code, self.chunk, rest, {}, ()), lost


def compile_cell(chunk: Chunk, allowed: Callable[[str], bool], *, definitions: bool) -> Cell:
    """A cell as code; with `definitions`, without what computes at its top level.

    What remains then are imports, functions, classes and constants. Raises SyntaxError.
    """
    if not definitions and _is_plain(chunk.source, allowed):
        with contextlib.suppress(SyntaxError):
            return Cell(compile(chunk.source, chunk.name, "exec", dont_inherit=True), chunk, None, {}, ())
    tree = parse(chunk)
    refused: dict[str, Refused] = {}
    imports: list[tuple[str, int]] = []
    kept: list[ast.stmt] = []
    for statement in tree.body:
        packages = dict(_imported(statement))
        strangers = {name: package for name, package in packages.items() if not allowed(package)}
        if strangers:
            refused |= {name: Refused(package) for name, package in strangers.items()}
            imports += [(package, statement.lineno) for package in dict.fromkeys(strangers.values())]
            kept += _without(statement, strangers)
        elif not definitions or _defines(statement):
            kept.append(statement)
    tree.body = kept
    code = compile(tree, chunk.name, "exec", dont_inherit=True)
    return Cell(code, chunk, tuple(kept), refused, tuple(imports))


def _place_in(error: BaseException, code: CodeType) -> tuple[int, ...]:
    """The line of the code that an exception passed, and the column, where Python knows it; line 0 where it did not."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code is not code:
        trace = trace.tb_next
    if trace is None:
        return (0,)
    # Two bytes an instruction. Several statements may stand on a line.
    line, _, column, _ = next(itertools.islice(code.co_positions(), trace.tb_lasti // 2, None))
    return (trace.tb_lineno,) if line is None or column is None else (line, column)


def _begin(statement: ast.stmt) -> tuple[int, int]:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([(statement.lineno, statement.col_offset), *((each.lineno, 0) for each in decorators)])


def _end(statement: ast.stmt) -> tuple[int, int]:
    return statement.end_lineno or statement.lineno, statement.end_col_offset or 0


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that a statement binds where it stands, and not inside functions and classes of its own."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.alias):
        yield node.asname or _top(node.name)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif not isinstance(node, ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _bound(child)


def _is_plain(source: str, allowed: Callable[[str], bool]) -> bool:
    """Whether a look at its lines shows that nothing is left out of a cell: a tree costs as much as all that follows."""
    imports = _IMPORT.findall(source)
    return not _SECOND_IMPORT.search(source) and all(
        allowed(top) and (word == "from" or "," not in rest) for word, top, rest in imports
    )


def parse(chunk: Chunk) -> ast.Module:
    """The syntax of a cell; one that has none is tried again without the lines that only IPython understands.

    Of `%time x = f()` the assignment stays, as what follows may need x. Raises SyntaxError.
    """
    try:
        return _syntax(chunk.source, chunk.name)
    except SyntaxError:
        lines = chunk.source.splitlines(keepends=True)
        kept = list(map(_as_python, lines))
        if kept == lines:
            raise
        return _syntax("".join(kept), chunk.name)


def _as_python(line: str) -> str:
    """A line that only IPython understands as one that does nothing, or that does what was to be timed; others as they are."""
    line = _TIMED.sub(r"\1", line)
    code = line.lstrip()
    return f"{line[: len(line) - len(code)]}pass\n" if code.startswith(("%", "!")) else line


def _syntax(source: str, name: str) -> ast.Module:
    tree = compile(source, name, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    assert isinstance(tree, ast.Module)  # noqa: S101  what "exec" gives
    return tree


def _imported(statement: ast.stmt) -> list[tuple[str, str]]:
    """The names that an import binds, each with the package that it comes from."""
    if isinstance(statement, ast.Import):
        return [(alias.asname or _top(alias.name), _top(alias.name)) for alias in statement.names]
    if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
        return [(alias.asname or alias.name, _top(statement.module)) for alias in statement.names]
    return []


def _top(dotted: str) -> str:
    return dotted.partition(".")[0]


def _without(statement: ast.stmt, strangers: dict[str, str]) -> list[ast.stmt]:
    """An import without the packages that are not allowed."""
    if not isinstance(statement, ast.Import):
        return []
    statement.names = [alias for alias in statement.names if _top(alias.name) not in strangers.values()]
    return [statement] if statement.names else []


def _defines(statement: ast.stmt) -> bool:
    """Whether a statement defines something and computes next to nothing."""
    match statement:
        case ast.Assign(value=value) | ast.AnnAssign(value=value) if value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            return all(isinstance(target, ast.Name) for target in targets) and (
                isinstance(value, ast.Lambda) or not any(isinstance(node, _COMPUTES) for node in ast.walk(value))
            )
        case ast.Try():
            inside = [*statement.body, *statement.orelse, *statement.finalbody]
            inside += [each for handler in statement.handlers for each in handler.body]
            return all(isinstance(each, ast.Pass) or _defines(each) for each in inside)
        case _:
            return isinstance(statement, _DEFINITIONS)
