"""Which of a student's files is the answer to an exercise: what was worked on counts, before what is still a stub."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import msgspec

from grader.judging.verdicts import Verdict
from grader.submissions.cells import bound_in
from grader.submissions.misplaced import is_notebook
from grader.submissions.program import Refusal, read_program
from grader.submissions.stub import is_stub, is_untouched_notebook
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from grader.course.model import Exercise
    from grader.wire.messages import Chunk

__all__ = ["Choice", "Reading", "choose", "file_names"]

MAX_READ = 128 * 2**20
"""How many bytes of one student's files are read to find out which are answers, beside those in their right places."""

MAX_SEARCHED = 64 * 2**10
"""How much of a file is searched for the names that are asked for."""


def file_names(exercise: Exercise) -> tuple[str, ...]:
    """The names under which an exercise may be handed in, the first of them wins."""
    return _names(exercise.id, exercise.assignment)


@functools.cache
def _names(exercise: str, assignment: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((f"{exercise}.py", f"{exercise}.ipynb", f"{assignment}.ipynb")))


class Choice(msgspec.Struct, frozen=True):
    """The file that is taken for an exercise, and the others that were worked on as well."""

    path: Path | None
    beside: tuple[Path, ...] = ()


def choose(exercise: Exercise, files: Sequence[Path], names: Collection[str], reading: Reading) -> Choice:
    """The first of an exercise's files that was worked on, else the first. A file that is alone is not looked at."""
    if len(files) <= 1:
        return Choice(files[0] if files else None)
    worked_on = [path for path in files if reading.worked_on(path, exercise, names)]
    return Choice(worked_on[0], tuple(worked_on[1:])) if worked_on else Choice(files[0])


class Reading:
    """Reads the files of one student, each once and no more of them than a bound."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._programs: dict[Path, tuple[Chunk, ...] | Refusal] = {}
        self._bound: dict[Path, tuple[frozenset[str], ...]] = {}
        """The names that look defined in the parts of each, found once for all exercises."""
        self._left = MAX_READ

    def worked_on(self, path: Path, exercise: Exercise, names: Collection[str]) -> bool:
        """Whether a file is more than a stub. A file that is refused is; its student is told why."""
        program = self._program(path, exercise)
        if isinstance(program, Refusal):
            return self.refused(path, exercise)
        if not is_notebook(path.name):
            return not all(is_stub(chunk.source, names) for chunk in program)
        shared = path.name == f"{exercise.assignment}.ipynb" and exercise.assignment != exercise.id
        return not is_untouched_notebook(program, exercise.id, names, shared=shared)

    def answers(self, path: Path, exercise: Exercise, names: Collection[str]) -> bool:
        """Whether a file looks as if it defined one of the names, and not as a stub does."""
        program = self._program(path, exercise)
        if isinstance(program, Refusal):
            return False
        if path not in self._bound:
            self._bound[path] = tuple(bound_in(chunk.source[:MAX_SEARCHED]) for chunk in program)
        bound = zip(program, self._bound[path], strict=True)
        own = [chunk for chunk, in_it in bound if not in_it.isdisjoint(names)]
        if is_notebook(path.name):
            return bool(own) and not is_untouched_notebook(program, exercise.id, names, shared=True)
        return any(not is_stub(chunk.source, names) for chunk in own)

    def refused(self, path: Path, exercise: Exercise) -> bool:
        """Whether a file cannot be read as a program, so that nobody knows what is in it."""
        program = self._program(path, exercise)
        return isinstance(program, Refusal) and program.verdict is not Verdict.NOT_ATTEMPTED

    def affords(self, path: Path, size: int) -> bool:
        """Whether a file that may be anywhere can still be read, which is then counted."""
        if path not in self._programs:
            if size > self._left:
                return False
            self._left -= size
        return True

    def _program(self, path: Path, exercise: Exercise) -> tuple[Chunk, ...] | Refusal:
        if path not in self._programs:
            found = read_program(Submission("", exercise.assignment, exercise.id, path, ""))
            self._programs[path] = found if isinstance(found, Refusal) else tuple(each.cell for each in found.cells)
        return self._programs[path]
