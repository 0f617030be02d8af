"""A solution becomes the stub that students get."""

from __future__ import annotations

import ast
import io
import itertools
import re
import tokenize
from typing import TYPE_CHECKING

from grader.building.reference import read_reference
from grader.errors import CourseError
from grader.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from grader.course.model import Course, Exercise

__all__ = ["BEGIN", "END", "functions_asked", "make_stub", "without_markers"]

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"

_LIKE_A_MARKER = re.compile(r"#[\W_]*(begin|end)[\W_]*solution", re.IGNORECASE)
"""Wider than the two markers: a misspelt one would hand the solution out."""


def make_stub(solution: str, path: Path | str) -> str:
    """The solution with `raise NotImplementedError` where each region between BEGIN and END was.

    A region at column 0 holds helpers of the solution's own: it goes without a trace. Raises CourseError, with
    `path` and line, for regions that are missing, open, nested or empty, for a marker that is not a comment line of
    its own, and for a solution or a stub that is not valid Python.
    """
    lines = solution.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _compile(lines, range(1, len(lines) + 1), path, "the solution is not valid Python")
    stub: list[str] = []
    origins: list[int] = []
    """For each line of the stub, the line of the solution that it came from."""
    after = 0
    for begin, end in _regions(lines, path):
        stub += lines[after:begin]
        origins += range(after + 1, begin + 1)
        after = end + 1
        if indent := _indentation(lines[begin + 1 : end], path, begin + 1):
            stub.append(f"{indent}raise NotImplementedError")
            origins.append(begin + 1)
        else:
            after += min(_blank(reversed(stub)), _blank(lines[after:]))
    stub += lines[after:]
    origins += range(after + 1, len(lines) + 1)
    _compile(stub, origins, path, "without its solution regions this is not valid Python")
    return "\n".join(stub).lstrip("\n").rstrip() + "\n"


def functions_asked(course: Course, exercise: Exercise) -> tuple[str, ...]:
    """The functions and classes that students write, or a part of them; the function of its name where that cannot be told."""
    path = course.reference(exercise)
    try:
        stub = parse(make_stub(read_reference(path), path))
    except CourseError:
        return (exercise.id,)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return tuple(node.name for node in stub.body if isinstance(node, kinds) and _is_left_open(node)) or (exercise.id,)


def _is_left_open(node: ast.stmt) -> bool:
    raised = (each.exc for each in ast.walk(node) if isinstance(each, ast.Raise))
    return any(isinstance(each, ast.Name) and each.id == "NotImplementedError" for each in raised)


def without_markers(solution: str) -> str:
    """The solution as it is read: without the lines that mark what students are to write."""
    return "\n".join(line for line in solution.split("\n") if line.strip() not in (BEGIN, END)).strip("\n")


def _regions(lines: list[str], path: Path | str) -> Iterator[tuple[int, int]]:
    """The indices of the BEGIN and END lines of each region, in order."""
    comments = _comment_lines(lines)
    begin: int | None = None
    count = 0
    for index, line in enumerate(lines):
        if not _LIKE_A_MARKER.search(line):
            continue
        marker = line.strip()
        if marker not in (BEGIN, END) or index not in comments:
            problem = f"a solution marker is a comment line of its own, exactly `{BEGIN}` or `{END}`"
            raise CourseError(problem, path=path, line=index + 1)
        if marker == END:
            if begin is None:
                raise CourseError(f"`{END}` without a `{BEGIN}` above it", path=path, line=index + 1)
            yield begin, index
            begin = None
            count += 1
        elif begin is not None:
            problem = f"`{BEGIN}` inside the region begun in line {begin + 1}; end that one first"
            raise CourseError(problem, path=path, line=index + 1)
        else:
            begin = index
    if begin is not None:
        raise CourseError(f"`{BEGIN}` without an `{END}` below it", path=path, line=begin + 1)
    if not count:
        problem = f"no solution region; put `{BEGIN}` and `{END}` around what students are to write"
        raise CourseError(problem, path=path)


def _comment_lines(lines: list[str]) -> set[int]:
    """The indices of the lines with a comment; what looks like one inside a string is none."""
    tokens = tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline)
    return {token.start[0] - 1 for token in tokens if token.type == tokenize.COMMENT}


def _indentation(region: list[str], path: Path | str, line: int) -> str:
    """The white space before a region's first statement."""
    for text in region:
        code = text.lstrip()
        if code and not code.startswith("#"):
            return text[: len(text) - len(code)]
    raise CourseError("a solution region with nothing in it", path=path, line=line)


def _blank(lines: Iterable[str]) -> int:
    """How many lines are blank before the first that is not."""
    return sum(1 for _ in itertools.takewhile(lambda line: not line.strip(), lines))


def _compile(lines: list[str], origins: list[int] | range, path: Path | str, problem: str) -> None:
    """Hold a program to be valid Python, and name the original line where it is not."""
    try:
        compile("\n".join(lines), str(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        line = origins[min(error.lineno, len(lines)) - 1] if error.lineno else None
        raise CourseError(f"{problem}: {error.msg}", path=path, line=line) from None
    except (ValueError, RecursionError, MemoryError) as error:  # a lone surrogate; expressions nested too deeply
        raise CourseError(f"{problem}: {error}", path=path) from None
