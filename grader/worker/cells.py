"""How a cell of a notebook is compiled: as Jupyter would run it, less what cannot be had here. In the child.

A package that is not allowed can be imported at the top of a cell, and raises where it is used: most notebooks import
more than their answers need.
"""

from __future__ import annotations

import ast
import contextlib
import re
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from grader.wire.messages import Chunk

__all__ = ["ForbiddenImport", "Refused", "compile_cell", "parse"]

_IMPORT = re.compile(r"^(import|from)[ \t]+(\w+)([^\n]*)", re.MULTILINE)
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPUTES = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


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


def compile_cell(
    chunk: Chunk, allowed: Callable[[str], bool], *, definitions: bool
) -> tuple[CodeType, dict[str, Refused], tuple[tuple[str, int], ...]]:
    """The code of a cell; what stands for the imports left out of it, by name; and their packages and lines.

    With `definitions`, what computes at the top level is left out as well: what remains are imports, functions, classes
    and constants. Raises SyntaxError.
    """
    if not definitions and _is_plain(chunk.source, allowed):
        with contextlib.suppress(SyntaxError):
            return compile(chunk.source, chunk.name, "exec", dont_inherit=True), {}, ()
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
    return compile(tree, chunk.name, "exec", dont_inherit=True), refused, tuple(imports)


def _is_plain(source: str, allowed: Callable[[str], bool]) -> bool:
    """Whether a look at its lines shows that nothing is left out of a cell: a tree costs as much as all that follows."""
    imports = _IMPORT.findall(source)
    return ";" not in source and all(
        allowed(top) and (word == "from" or "," not in rest) for word, top, rest in imports
    )


def parse(chunk: Chunk) -> ast.Module:
    """The syntax of a cell; one that has none is tried again without the lines that only IPython understands.

    Raises SyntaxError.
    """
    try:
        return _syntax(chunk.source, chunk.name)
    except SyntaxError:
        lines = chunk.source.splitlines(keepends=True)
        magic = [line.lstrip().startswith(("%", "!")) for line in lines]
        if not any(magic):
            raise
        kept = (f"{line[: len(line) - len(line.lstrip())]}pass\n" if is_magic else line
                for line, is_magic in zip(lines, magic, strict=True))  # fmt: skip
        return _syntax("".join(kept), chunk.name)


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
