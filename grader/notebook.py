"""`check("relu_jacobian")` and `hint("relu_jacobian")` inside a notebook, on the way that `grader check` takes.

The program is text: that of the cells executed so far, read as a notebook is that was handed in, or the exercise's file. It runs in
the sandbox; no object of the kernel is looked at, and what a cell has left behind in the kernel changes nothing.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.course.place import find_course
from grader.errors import GraderError, UsageError
from grader.grading.attempt import attempt, missing_packages
from grader.grading.hints import next_hint
from grader.grading.keys import Keys
from grader.grading.known_course import course_in
from grader.grading.pool import Pool
from grader.grading.reading import functions_of_others
from grader.grading.tracing import arrays_by_check
from grader.reports.comparison import comparisons
from grader.reports.examples import examples_shown
from grader.reports.pages import ended, groups, inert_line, said, standing, template
from grader.submissions.answers import Reading, choose, file_names
from grader.submissions.cells import readings
from grader.submissions.program import read_program, source_of_cells
from grader.submissions.submission import Submission
from grader.wire.messages import Chunk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.course.model import Course, Exercise
    from grader.grading.attempt import Attempt
    from grader.judging.answer_key import AnswerKey
    from grader.reports.examples import LocalArray
    from grader.submissions.program import Refusal, Source

__all__ = ["Checked", "Message", "check", "executed", "hint"]

_WIDTH = 100
_OURS = re.compile(
    r"^(?:(?:from|import)[ \t]+grader\b|(?:grader\.notebook\.|notebook\.)?(?:check|hint)\().*$", re.MULTILINE
)
"""The lines of a cell that ask for a check or a hint: they are no part of an answer."""
_POOLS: list[Pool] = []
"""The pool of this kernel: its worker is started by the first check, and used by the next ones."""


class Checked(msgspec.Struct, frozen=True):
    """What a check has found: Jupyter shows it as HTML, everything else as text."""

    exercise: str
    what: str
    """What was checked: the cells, or a file."""
    key: AnswerKey
    attempt: Attempt
    arrays: Mapping[str, Sequence[LocalArray]]
    """Those in a function that failed, by the check."""

    def __repr__(self) -> str:
        """The claims with their marks, what is said of each, and arrays that differ beside each other."""
        result = self.attempt.result
        lines = [f"{self.exercise}  {said(self.attempt.result, self.key.hidden_points)}  ({self.what})"]
        below = self._examples(_WIDTH)
        for group in groups(result.checks):
            claim = "; ".join(each.claim for each in group)
            lines.append(f"  {ended(group).mark} {claim}")
            lines += [f"      {line}" for line in group[0].feedback.splitlines()]
            lines += [f"      {line}" for line in next((below[each.name] for each in group if each.name in below), ())]
        lines += [f"      Note: {inert_line(note)}." for note in result.notes]
        if self.attempt.printed:
            lines += ["  printed:", *(f"      {inert_line(line)}" for line in self.attempt.printed.lines())]
        return "\n".join(lines)

    def _examples(self, width: int = 0) -> dict[str, list[str]]:
        """By check, what is shown below it as text; without a width, but for the arrays that are compared."""
        attempt = self.attempt
        program = attempt.program.chunks if attempt.program else ()
        return examples_shown(self.key, attempt.result, attempt.outcomes, program, self.arrays, width)

    def _repr_html_(self) -> str:
        found = {each.check: each for each in comparisons(self.key, self.attempt.outcomes)}
        return template("grader.reports", "checked.html").render(
            exercise=self.exercise, what=self.what, said=said(self.attempt.result, self.key.hidden_points), result=self.attempt.result,
            rows=[(ended(group), group) for group in groups(self.attempt.result.checks)], comparisons=found, whole=standing(self.attempt.result.verdict, self.attempt.result.score), examples=self._examples(), printed=[inert_line(line) for line in self.attempt.printed.lines()],
        )  # fmt: skip


class Message(msgspec.Struct, frozen=True):
    """A sentence, in a notebook and as text."""

    text: str

    def __repr__(self) -> str:
        """The sentence."""
        return self.text

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.text)}</p>"


def check(exercise: str = "") -> Checked | Message:
    """Check the answer to an exercise against its public examples; what is wrong with the call is said, not raised."""
    try:
        _require_named(exercise, "check")
        return _checked(exercise, executed())
    except (GraderError, OSError) as error:
        return Message(f"grader: {error}")


def hint(exercise: str = "") -> Message:
    """The next hint for an exercise; what is wrong with the call is said, not raised."""
    try:
        _require_named(exercise, "hint")
        course = _course()
        found = next_hint(course, course.exercise(exercise))
    except (GraderError, OSError) as error:
        return Message(f"grader: {error}")
    return Message(f"{exercise}, hint {found.number} of {found.total}: {found.text}" if found.total else found.text)


def executed() -> tuple[Chunk, ...]:
    """The texts of the cells that this kernel has run, in order, without the lines that ask; none outside of a notebook."""
    try:
        from IPython import get_ipython  # noqa: PLC0415  only there where a notebook runs
    except ImportError:
        return ()
    shell = get_ipython()
    if shell is None or not hasattr(shell, "history_manager"):
        return ()
    texts: Sequence[str] = shell.history_manager.input_hist_raw
    cells = (Chunk(f"cell [{number}]", _OURS.sub("", text)) for number, text in enumerate(texts) if number)
    return tuple(cell for cell in cells if cell.source.strip())


def _course() -> Course:
    return course_in(find_course(Path.cwd()))


def _require_named(exercise: object, function: str) -> None:
    """Raises UsageError for no exercise, and for a function where its name is asked for."""
    if not isinstance(exercise, str) or not exercise:
        example = _course().exercises()[0].id
        raise UsageError(f'say which exercise, by its name in quotes: {function}("{example}")')


def _checked(name: str, cells: tuple[Chunk, ...]) -> Checked:
    """Raises UsageError, and OSError."""
    course = _course()
    exercise = course.exercise(name)
    if packages := missing_packages(exercise):
        raise UsageError(f"{name} needs {', '.join(packages)}: pip install {' '.join(packages)}")
    keys = Keys(course, shipped=True)
    key, others = keys.of(exercise), functions_of_others(course, keys, exercise)
    source, what = _source(course, exercise, key, cells, others)
    if not _POOLS:
        _POOLS.append(Pool())
    with _POOLS[0].bench() as bench:
        tried = attempt(bench, exercise, key, source, others, keys.own_judge)
        return Checked(name, what, key, tried, arrays_by_check(bench, exercise, key, tried))


def _source(
    course: Course, exercise: Exercise, key: AnswerKey, cells: tuple[Chunk, ...], others: Mapping[str, tuple[str, ...]]
) -> tuple[Source | Refusal, str]:
    """The cells where one of them answers the exercise, else its file."""
    if readings(cells, key.functions, exercise.id, others):
        return source_of_cells(cells, "the notebook"), "the cells run so far"
    folder = course.stub(exercise).parent
    files = [folder / file for file in file_names(exercise) if (folder / file).exists()]
    path = choose(exercise, files, key.functions, Reading()).path
    if path is None:
        names = " or ".join(f"`{function}`" for function in key.functions)
        raise UsageError(
            f"no cell run so far defines {names}, and {folder} has no file for {exercise.id}: run your answer's cell"
        )
    return read_program(Submission("", exercise.assignment, exercise.id, path, "")), path.name
