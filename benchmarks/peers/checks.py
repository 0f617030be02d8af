"""The course's checks of an exercise as one plain module, for graders that run their tests beside the student's code.

They are the course's own: the functions that draw inputs are copied out of its checks file and get the seeds that the answer key
was drawn with, and the reference gives what is expected. So every grader asks for the same values, and only how it asks differs.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.building.compiler import load_module, seed
from grader.course.checks import Check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from grader.course.model import Course, Exercise

__all__ = ["PlainCheck", "PlainChecks", "plain"]

WHOLE = ""
"""The name of the one part of a check that judges the whole answer."""

_JUDGE = '''\
def _alike(expected, got, single):
    """Whether an answer is the expected one: shape, kind, finite, and close as the course asks."""
    want, have = np.asarray(expected), np.asarray(got)
    if have.shape != want.shape or have.dtype.kind not in "fiub" or not np.isfinite(have).all():
        return False
    rounded = have.dtype.kind == "f" and have.dtype.itemsize <= 4
    relative, absolute = (1e-4, 1e-6) if single else (1e-5, 1e-7) if rounded else (1e-6, 1e-12)
    size = np.abs(want)
    return bool((np.abs(have - want) <= relative * size + absolute * size.max(initial=0.0)).all())


def earned(name, function):
    """The points that a function earns in a check, by part; raises what the function raises."""
    cases, seed, parts, driver, readonly = _CHECKS[name]
    right = dict.fromkeys(parts, True)
    for inputs in cases(np.random.default_rng(seed)):
        inputs = inputs if isinstance(inputs, tuple) else (inputs,)
        values = []
        for each in (_reference, function):
            given = [np.array(value) if isinstance(value, np.ndarray) else value for value in inputs]
            for value in given:
                if readonly and isinstance(value, np.ndarray):
                    value.flags.writeable = False
            with np.errstate(all="ignore"):
                values.append(driver(each, *given) if driver else each(*given))
        single = any(getattr(value, "dtype", None) == np.float32 for value in inputs)
        expected, got = values if len(parts) > 1 else ([values[0]], [values[1]])
        got = got if len(got) == len(parts) else [None] * len(parts)
        for part, want, have in zip(parts, expected, got):
            right[part] = right[part] and _alike(want, have, single)
    return {part: points if right[part] else 0.0 for part, points in parts.items()}
'''


@dataclass(frozen=True, slots=True)
class PlainCheck:
    """A check's name, what the student reads of it, and its points by part; one part without a name where all is one."""

    name: str
    claim: str
    public: bool
    parts: Mapping[str, float]

    @property
    def points(self) -> float:
        """What all of it is worth."""
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class PlainChecks:
    """An exercise's checks, and the module that has `earned(name, function)` for each of them."""

    exercise: str
    source: str
    checks: tuple[PlainCheck, ...]


def plain(course: Course, exercise: Exercise) -> PlainChecks:
    """The checks of an exercise that asks for one function, by values alone: no judge of its own, no raised warnings."""
    path = course.checks(exercise)
    declared = [each for each in vars(load_module(path)).values() if isinstance(each, Check)]
    declared.sort(key=lambda each: not each.public)
    if any(each.judge or each.errstate or each.float64_only or each.function for each in declared):
        raise SystemExit(f"{exercise.id}: has a check that other graders have no words for")
    drivers = {each.name: each.driver.__name__ for each in declared if each.driver}
    drawing = [each.cases.__name__ for each in declared]
    table = [
        f"    {each.name!r}: ({each.cases.__name__}, {seed(course.seed, exercise.id, each.name, '')}, {_parts(each)!r},"
        f" {drivers.get(each.name)}, {each.readonly}),"
        for each in declared
    ]
    reference = _functions(course.reference(exercise), [exercise.id], {exercise.id: "_reference"})
    pieces = [
        "import numpy as np\n", *_functions(path, [*drawing, *drivers.values()], {}), *reference, _JUDGE,
        "\n".join(["_CHECKS = {", *table, "}"]) + "\n",
    ]  # fmt: skip
    checks = tuple(PlainCheck(each.name, each.claim, each.public, _parts(each)) for each in declared)
    return PlainChecks(exercise.id, "\n\n".join(pieces), checks)


def _parts(check: Check) -> dict[str, float]:
    return {name: float(points) for name, points in check.parts.items()} or {WHOLE: float(check.points)}


def _functions(path: Path, wanted: Iterable[str], called: Mapping[str, str]) -> list[str]:
    """The functions of a file by name, and those that they call, without decorators, annotations and docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    there = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    found = {name: there[name] for name in _reached(there, wanted)}
    return [ast.unparse(_bare(there[name], called.get(name, name))) + "\n" for name in there if name in found]


def _reached(there: Mapping[str, ast.FunctionDef], wanted: Iterable[str]) -> set[str]:
    """These functions, and all that they name, directly or not."""
    left, found = list(wanted), set[str]()
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [each for each in _names(there[name]) if each in there]
    return found


def _names(function: ast.FunctionDef) -> Iterator[str]:
    for statement in function.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                yield node.id


def _bare(function: ast.FunctionDef, name: str) -> ast.FunctionDef:
    for node in ast.walk(function):
        if isinstance(node, ast.FunctionDef):
            node.returns, node.decorator_list = None, []
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
        elif isinstance(node, ast.arg):
            node.annotation = None
    function.name = name
    return function
