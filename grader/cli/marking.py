"""The instructor's run: find the submissions, grade them, write and show the results."""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from grader.cli.terminal import class_table
from grader.errors import CourseError, UsageError
from grader.grading.classes import grade_class
from grader.grading.keys import Keys
from grader.judging.verdicts import Verdict
from grader.names import shown
from grader.reports.store import (
    GradeRow,
    Run,
    lines_of_course,
    read_grades,
    rows,
    students_with_reports,
    write_grades,
    write_report,
    write_run,
)
from grader.sandbox.layers import missing_baseline, require
from grader.sandbox.sandbox import Sandbox
from grader.submissions.find import Found, Submission, find_submissions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rich.console import Console

    from grader.course.model import Course, Exercise

__all__ = ["Asked", "mark"]

_NAMED = 10
"""How many students a notice names."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked to grade, and where its results go."""

    submitted: Path
    assignment: str | None
    exercise: str | None
    student: str | None
    jobs: int
    out: Path
    missing_is_zero: bool = False
    """Whether an answer that is not there any more takes the score of an earlier run with it."""


def mark(whole: Course, asked: Asked, console: Console, print_json: Callable[[Any], None] | None) -> int:
    """Grade, write and show; the exit code: 0, or 1 for a fault of the course, or for what may be an answer and has no place.

    Raises UsageError and CourseError before anything is graded, OSError where results cannot be written.
    """
    course = whole.select(asked.assignment, asked.exercise)
    # Compiled when they are first needed, so that a run that is refused is refused at once.
    keys_of = functools.cache(Keys)
    found = find_submissions(
        asked.submitted, course, asked.student, whole=whole, functions=lambda each: _asked_for(keys_of(course), each)
    )
    _require_writable(asked.out)
    absent = _absent(asked, found)
    notices = (*found.notices, *_absent_notice(absent, asked.out))
    nothing = [
        Submission(student, exercise.assignment, exercise.id, None, "")
        for student in absent
        for exercise in course.exercises()
    ]
    submissions = sorted((*found.submissions, *nothing), key=lambda submission: submission.student)
    before, dropped = lines_of_course(read_grades(asked.out), whole)
    if dropped:
        notices = (*notices, f"no longer in the course, and so not in grades.csv: {', '.join(dropped)}")
    for notice in notices:
        click.echo(f"note: {shown(notice)}", err=True)
    graded: list[GradeRow] = []
    faulty: list[str] = []
    kept: dict[str, list[str]] = {}
    with Sandbox() as sandbox:
        _check_isolation(course, sandbox.start().layers)
        keys = keys_of(course)
        for fault in keys.faults.values():
            click.echo(f"grader: {fault}", err=True)
        write_run(asked.out, Run(str(asked.submitted.resolve())))
        try:
            with _progress(console) as progress:
                task = progress.add_task("grading", total=len(submissions))
                for one in grade_class(course, keys, submissions, asked.jobs, sandbox):
                    report, stayed = write_report(asked.out, whole, one.report, missing_is_zero=asked.missing_is_zero)
                    graded += rows(report, one, stayed, before)
                    results = one.report.exercises
                    faulty += [each.exercise for each in results if each.verdict is Verdict.JUDGE_ERROR]
                    for each in results:
                        if each.exercise in stayed and each.verdict is not Verdict.JUDGE_ERROR:
                            kept.setdefault(one.report.assignment, []).append(one.report.student)
                            break
                    progress.advance(task, len(results))
        finally:
            # A run that is cut off keeps what it has finished, and what an earlier one had.
            path = write_grades(asked.out, whole, before, graded)
    for notice in (kept_notices := [_kept_notice(assignment, students) for assignment, students in kept.items()]):
        click.echo(f"note: {notice}", err=True)
    notices = (*notices, *kept_notices)
    if print_json:
        print_json({"grades": [asdict(row) for row in graded], "notices": notices, "unplaced": found.unplaced,
                    "faults": [str(fault) for fault in keys.faults.values()], "out": str(asked.out)})  # fmt: skip
    console.print(class_table(course, graded, console.width))
    console.print(Text(f"{path}  reports: {asked.out / 'reports'}  feedback: {asked.out / 'feedback'}"))
    if faulty:
        click.echo(
            f"grader: {len(faulty)} answers to {', '.join(sorted(set(faulty)))} could not be judged; "
            "an earlier result stays, else the score is left empty",
            err=True,
        )
    _say_unplaced(found.unplaced)
    return 1 if faulty or keys.faults or found.unplaced else 0


def _asked_for(keys: Keys, exercise: Exercise) -> tuple[str, ...]:
    """The functions of an exercise; the one of its name where its key could not be compiled."""
    key = keys.of(exercise, "")
    return (exercise.id,) if isinstance(key, CourseError) else key.functions


def _say_unplaced(lines: Sequence[str]) -> None:
    """In red, and last: what may be answers and has no points."""
    if lines:
        head = f"grader: not graded, though there may be answers in it ({len(lines)}):"
        click.secho("\n".join([head, *(f"  {shown(line)}" for line in lines)]), fg="red", err=True)


def _absent(asked: Asked, found: Found) -> tuple[str, ...]:
    """The students whose results are there from an earlier run alone."""
    if asked.student:
        return ()
    return tuple(sorted(students_with_reports(asked.out) - {each.student for each in found.submissions}))


def _absent_notice(students: Sequence[str], out: Path) -> Iterator[str]:
    if students:
        yield (
            f"not among the submissions any more, though {out} has reports/ and feedback/ of them:"
            f" {_named(students)}; remove those by hand if they have left"
        )


def _named(students: Sequence[str]) -> str:
    more = [f"and {len(students) - _NAMED} more"] * (len(students) > _NAMED)
    return ", ".join([*map(shown, students[:_NAMED]), *more])


def _kept_notice(assignment: str, students: Sequence[str]) -> str:
    """Whose earlier scores stay, since this run found nothing of theirs."""
    return f"{assignment}: nothing new was found of {_named(students)}; earlier scores stay (--missing-is-zero replaces them)"


def _check_isolation(course: Course, active: Sequence[str]) -> None:
    """Raises UsageError for a machine that does not isolate as the course requires; says what else is missing."""
    if course.isolation == "required":
        require(active)
    elif missing := missing_baseline(active):
        click.echo(f"note: graded without {', '.join(missing)}; `grader doctor` says how to get it", err=True)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )  # fmt: skip


def _require_writable(out: Path) -> None:
    """Find out before the work, not after it. Raises UsageError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"--out {out} cannot be written ({error.strerror}); choose another folder") from None
