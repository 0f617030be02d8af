"""A reference, which all that students get is made of: its text, and the task and the code in it."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

from grader.errors import CourseError
from grader.syntax import parse

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_reference", "task_and_code", "with_more_of_a_task"]


def read_reference(path: Path) -> str:
    """The text, with one kind of line end. Raises CourseError where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise CourseError(f"the solution cannot be read: {error.strerror}", path=path) from None
    except UnicodeDecodeError as error:
        raise CourseError(f"byte {error.start} is not UTF-8; save the file as UTF-8", path=path) from None


def task_and_code(text: str, path: Path) -> tuple[str, str]:
    """The task, which is the docstring of a reference or of its stub, and what stands below. Raises CourseError without one."""
    module = parse(text)
    docstring = ast.get_docstring(module, clean=False)
    if docstring is None:
        raise CourseError("has no docstring; write the task there", path=path, line=1)
    return inspect.cleandoc(docstring), "\n".join(text.split("\n")[module.body[0].end_lineno or 0 :])


def with_more_of_a_task(text: str, more: str, path: Path) -> str:
    """A reference or its stub with more at the end of its task. Raises CourseError without one."""
    task, code = task_and_code(text, path)
    above = text.split("\n")[: parse(text).body[0].lineno - 1]
    said = f"{task}\n\n{more}".replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return "\n".join([*above, f'"""{said}\n"""', code])
