"""The two ways in which a run can be refused: the course is wrong, or the command is."""

from __future__ import annotations

import traceback
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["COURSE_RAISES", "CourseError", "GraderError", "UsageError", "did_you_mean", "line_in", "seen_from"]

COURSE_RAISES: tuple[type[BaseException], ...] = (Exception, SystemExit)
"""What code of a course's author may raise. An exit among it: let through, it would end the grader, with a code that says all is well."""


def line_in(file: Path | str, error: BaseException) -> int | None:
    """The last line of a file that an exception passed; None where it passed none."""
    names = {str(file), str(Path(file).absolute())}  # a module's file is absolute, also where its course is not
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename in names]
    return lines[-1] if lines else None


def seen_from(root: Path, path: Path | str) -> str:
    """A file of a course as its author knows it: from the course's root, wherever that is seen from."""
    found, above = Path(path).absolute(), root.absolute()
    return found.relative_to(above).as_posix() if found.is_relative_to(above) else str(path)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: "; did you mean 'x'?", or nothing where no known word is near.

    One is near that is spelt alike, or else the only one that begins so: `li` of li@uni.example.
    """
    folded = {name.casefold(): name for name in known}
    short = word[:100].casefold()
    begun = [name for name in folded if short and name.startswith(short)]
    close = get_close_matches(short, folded, n=1) or (begun if len(begun) == 1 else [])
    return f"; did you mean {folded[close[0]]!r}?" if close else ""


class GraderError(Exception):
    """A message meant for a person: what is wrong, where, and what to do next."""


class UsageError(GraderError):
    """The command cannot be carried out as it was given (exit code 2)."""


class CourseError(GraderError):
    """The course is at fault, never a student (exit code 1)."""

    def __init__(self, problem: str, *, path: Path | str, line: int | None = None) -> None:
        """`problem` says what is wrong and what to do; `path` and `line` say where."""
        self.problem = problem
        self.path = path
        self.line = line
        super().__init__(self.told(path))

    def told(self, path: Path | str) -> str:
        """The message, with the file called `path`."""
        return f"{path}:{self.line}: {self.problem}" if self.line else f"{path}: {self.problem}"

    @classmethod
    def joined(cls, errors: Sequence[CourseError]) -> CourseError:
        """One error for one or more: its text has a line for each; its problem, path and line are the first one's."""
        error = cls(errors[0].problem, path=errors[0].path, line=errors[0].line)
        error.args = ("\n".join(str(each) for each in errors),)
        return error
