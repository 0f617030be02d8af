"""docs/reference.md: every option of the decorators and every key of course.yml, as the code itself has them.

python tests/support/reference.py docs/reference.md
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import grader
from grader.course import checks
from grader.course.keys import SECTIONS

if typing.TYPE_CHECKING:
    from grader.course.kinds import Key

__all__ = ["documented", "options", "page"]

DECLARED = {"check": checks.Check, "misconception": checks.Misconception, "oracle": checks.Oracle, "derivative_of": checks.Derivative}  # fmt: skip
"""What each decorator makes, whose fields say what its options mean."""

_HEAD = """\
# Reference

Every option of the decorators that a checks file uses, and every key of course.yml. This page is made of the code: change it there,
then `make reference`. [author.md](author.md) shows them at work, and a mistake in either is told with its line and what is allowed.
"""


def page() -> str:
    """The text of the page."""
    decorators = [text for name in grader.__all__ for text in _decorator(name)]
    sections = [text for title, keys in SECTIONS.items() for text in _section(title, keys)]
    return "\n\n".join([_HEAD.rstrip(), "## Decorators", *decorators, "## course.yml", *sections]) + "\n"


def _decorator(name: str) -> list[str]:
    text, *_ = inspect.cleandoc(getattr(grader, name).__doc__ or "").split("\nRaises ")
    rows = [(f"`{option}`", kind, default, about) for option, (kind, default, about) in options(name).items()]
    return [f"### @{name}", text.strip(), _table(("option", "value", "if left out", "what it means"), rows)]


def options(name: str) -> dict[str, tuple[str, str, str]]:
    """What may stand for each option of a decorator, what holds without it, and what it means."""
    decorator = getattr(grader, name)
    hints = typing.get_type_hints(decorator)
    meant = documented(DECLARED[name])
    found = {}
    for option, each in inspect.signature(decorator).parameters.items():
        default = "" if each.default in (None, each.empty) else f"`{each.default!r}`"
        if each.kind is each.KEYWORD_ONLY:
            found[f"{option}="] = (_kind(hints[option]), default, meant[option])
        elif each.kind is each.VAR_POSITIONAL:
            found[f"*{option}"] = (_kind(hints[option]), default, meant[option])
    return found


def documented(cls: type) -> dict[str, str]:
    """What stands below each field of a class, as one line."""
    (tree,) = ast.parse(inspect.getsource(cls)).body
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for field, below in zip(tree.body, [*tree.body[1:], None], strict=True):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split())
    return found


def _kind(hint: object) -> str:
    """A type in words."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return " or ".join(_kind(each) for each in typing.get_args(hint) if each is not type(None))
    if typing.get_origin(hint) is typing.Literal:
        return " or ".join(f"`{each!r}`" for each in typing.get_args(hint))
    words = {bool: "true or false", float: "a number", int: "a place", str: "a name"}
    for kind, said in {Callable: "a function", Mapping: "a dict of numbers"}.items():
        if typing.get_origin(hint) is kind:
            return said
    return words[typing.cast("type", hint)]


def _section(title: str, keys: Mapping[str, Key]) -> list[str]:
    rows = [
        (f"`{name}`", key.kind.words, "required" if key.required else _default(key), key.about)
        for name, key in keys.items()
    ]
    return [f"### {title}", _table(("key", "value", "if left out", "what it means"), rows)]


def _default(key: Key) -> str:
    if isinstance(key.default, bool):
        return str(key.default).lower()
    # A word that could be written there is shown as one.
    return f"`{key.default}`" if f"`{key.default}`" in key.kind.words else str(key.default)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *(tuple(re.sub(r"\|", r"\\|", cell) for cell in row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
