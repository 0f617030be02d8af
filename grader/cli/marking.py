"""The instructor's run: find the submissions, grade them, write and show the results."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from grader.cli.terminal import class_table
from grader.course.seeds import seed_notice
from grader.errors import UsageError
from grader.grading.classes import grade_class
from grader.grading.keys import Keys
from grader.judging.verdicts import Verdict
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
from grader.submissions.find import Submission, find_submissions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rich.console import Console

    from grader.course.model import Course

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
    """Grade, write and show; the exit code: 0, or 1 where a fault of the course kept an exercise from being graded.

    Raises UsageError and CourseError before anything is graded, OSError where results cannot be written.
    """
    course = whole.select(asked.assignment, asked.exercise)
    found, notices = find_submissions(asked.submitted, course, asked.student, whole=whole)
    _require_writable(asked.out)
    absent = frozenset() if asked.student else students_with_reports(asked.out) - {each.student for each in found}
    nothing = [
        Submission(student, exercise.assignment, exercise.id, None, "")
        for student in absent
        for exercise in course.exercises()
    ]
    submissions = sorted((*found, *nothing), key=lambda submission: submission.student)
    before, dropped = lines_of_course(read_grades(asked.out), whole)
    if dropped:
        notices = (*notices, f"no longer in the course, and so not in grades.csv: {', '.join(dropped)}")
    for notice in notices:
        click.echo(f"note: {notice}", err=True)
    notices = (*notices, *_check_seed(course, console))
    graded: list[GradeRow] = []
    faulty: list[str] = []
    kept: dict[str, list[str]] = {}
    with Sandbox() as sandbox:
        notices = (*notices, *_check_isolation(course, sandbox.start().layers))
        keys = Keys(course)
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
        print_json({"grades": [asdict(row) for row in graded], "notices": notices,
                    "faults": [str(fault) for fault in keys.faults.values()], "out": str(asked.out)})  # fmt: skip
    console.print(class_table(course, graded, console.width))
    console.print(Text(f"{path}  reports: {asked.out / 'reports'}  feedback: {asked.out / 'feedback'}"))
    if faulty:
        click.echo(
            f"grader: {len(faulty)} answers to {', '.join(sorted(set(faulty)))} could not be judged; "
            "an earlier result stays, else the score is left empty",
            err=True,
        )
    return 1 if faulty or keys.faults else 0


def _kept_notice(assignment: str, students: Sequence[str]) -> str:
    """Whose earlier scores stay, since this run found nothing of theirs."""
    named = ", ".join([*students[:_NAMED], *[f"and {len(students) - _NAMED} more"] * (len(students) > _NAMED)])
    return f"{assignment}: nothing new was found of {named}; earlier scores stay (--missing-is-zero replaces them)"


def _check_seed(course: Course, console: Console) -> tuple[str, ...]:
    """Says, unless nothing but problems of the run is asked for, and returns, that hidden inputs are public in effect."""
    notice = seed_notice(course.seed)
    if notice and not console.quiet:
        click.echo(f"note: {notice}", err=True)
    return (notice,) if notice else ()


def _check_isolation(course: Course, active: Sequence[str]) -> tuple[str, ...]:
    """Raises UsageError for a machine that does not isolate as the course requires; says, and returns, what else is missing."""
    if course.isolation == "required":
        require(active)
    elif missing := missing_baseline(active):
        notice = f"graded without {', '.join(missing)}; `grader doctor` says how to get it"
        click.echo(f"note: {notice}", err=True)
        return (notice,)
    return ()


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
