"""`grader grade`, the instructor's run: find the submissions, grade them, write and show the results."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from grader.cli.common import jobs_option, json_option, print_json, whole_course
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.terminal import class_table, console, progress
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
    from collections.abc import Collection, Iterable, Sequence

    from grader.course.model import Course
    from grader.reports.report import Report

__all__ = ["grade"]

_log = logging.getLogger(__name__)

_NAMED = 10
"""How many students a notice names."""


@click.command(
    epilog="""\b
Examples:
  grader grade submitted
  grader grade submitted --assignment backprop --jobs 4 --out results/backprop
  grader grade submitted --student alice --student bob --json
"""
)
@click.argument("submitted", type=click.Path(path_type=Path))
@click.option(
    "--assignment", "assignments", metavar="A", multiple=True, help="Grade this assignment alone; can be given again."
)
@click.option(
    "--exercise", "exercises", metavar="E", multiple=True, help="Grade this exercise alone; can be given again."
)
@click.option("--student", "students", metavar="S", multiple=True, help="Grade this student alone; can be given again.")
@jobs_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="Where the results go.",
)
@click.option("--missing-is-zero", is_flag=True, help="Replace earlier scores also where nothing is found any more.")
@json_option
@click.option("--quiet", is_flag=True, help="Print problems only.")
@click.pass_context
def grade(  # noqa: PLR0913  one argument for each option
    context: click.Context, submitted: Path, *, assignments: tuple[str, ...], exercises: tuple[str, ...],
    students: tuple[str, ...], jobs: int, out: Path, missing_is_zero: bool, as_json: bool, quiet: bool,
) -> int:  # fmt: skip
    """Grade a class: SUBMITTED/<student>/<assignment>/<exercise>.py or .ipynb.

    Writes grades.csv, reports/ (for the instructor) and feedback/ (for the students) into --out. An earlier result there
    is replaced where an answer is found, and stays where none is.
    """
    whole = whole_course(context)
    course = whole.select(assignments, exercises)
    found, notices = find_submissions(submitted, course, students, whole=whole)
    _require_writable(out)
    known = frozenset() if students else students_with_reports(out)
    before, dropped = lines_of_course(read_grades(out), whole)
    if dropped:
        notices = (*notices, f"no longer in the course, and so not in grades.csv: {', '.join(dropped)}")
    _say(notices)
    submissions = _with_absent(found, known, course)
    done = _Done()
    with Sandbox() as sandbox:
        _check_isolation(course, sandbox.start().layers)
        keys = Keys(course)
        for fault in keys.faults.values():
            click.echo(f"grader: {fault}", err=True)
        write_run(out, Run(str(submitted.resolve())))
        try:
            with progress("grading", quiet=quiet) as advance:
                advance(0, len(submissions))
                for one in grade_class(course, keys, submissions, jobs, sandbox):
                    report, stayed = write_report(out, whole, one.report, missing_is_zero=missing_is_zero)
                    done.add(rows(report, one, stayed, before), one.report, stayed)
                    advance(len(done.rows), len(submissions))
        finally:
            # A run that is cut off keeps what it has finished, and what an earlier one had.
            path = write_grades(out, whole, before, done.rows)
            _log.info("%d results in %s", len(done.rows), path)
    _say(kept := [_kept_notice(assignment, names) for assignment, names in done.kept.items()])
    if as_json:
        print_json({"grades": [asdict(row) for row in done.rows], "notices": (*notices, *kept),
                    "faults": [str(fault) for fault in keys.faults.values()], "out": str(out)})  # fmt: skip
    screen = console(quiet=quiet or as_json)
    screen.print(class_table(course, done.rows, screen.width))
    screen.print(Text(f"{path}  reports: {out / 'reports'}  feedback: {out / 'feedback'}"))
    if done.unjudged:
        click.echo(
            f"grader: {len(done.unjudged)} answers to {', '.join(sorted(set(done.unjudged)))} could not be judged; "
            "an earlier result stays, else the score is left empty",
            err=True,
        )
    return EXIT_FAULT if done.unjudged or keys.faults else 0


@dataclass(frozen=True, slots=True)
class _Done:
    """What a run has come to so far."""

    rows: list[GradeRow] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)
    """The exercise of each answer that could not be judged."""
    kept: dict[str, list[str]] = field(default_factory=dict)
    """Whose earlier scores stay since nothing was found of theirs, by assignment."""

    def add(self, rows: Iterable[GradeRow], report: Report, stayed: Collection[str]) -> None:
        """Add a student's assignment: its lines, its report as graded, and the exercises whose earlier result stayed."""
        self.rows.extend(rows)
        faulty = {each.exercise for each in report.exercises if each.verdict is Verdict.JUDGE_ERROR}
        self.unjudged.extend(faulty)
        if set(stayed) - faulty:
            self.kept.setdefault(report.assignment, []).append(report.student)


def _with_absent(found: Sequence[Submission], known: Collection[str], course: Course) -> list[Submission]:
    """What was found, by student, and that nothing was found of the others who are known."""
    absent = set(known) - {each.student for each in found}
    nothing = [
        Submission(student, exercise.assignment, exercise.id, None, "")
        for student in absent
        for exercise in course.exercises()
    ]
    return sorted((*found, *nothing), key=lambda submission: submission.student)


def _say(notices: Iterable[str]) -> None:
    for notice in notices:
        click.echo(f"note: {notice}", err=True)


def _kept_notice(assignment: str, students: Sequence[str]) -> str:
    """Whose earlier scores stay, since this run found nothing of theirs."""
    named = ", ".join([*students[:_NAMED], *[f"and {len(students) - _NAMED} more"] * (len(students) > _NAMED)])
    return f"{assignment}: nothing new was found of {named}; earlier scores stay (--missing-is-zero replaces them)"


def _check_isolation(course: Course, active: Sequence[str]) -> None:
    """Raises UsageError for a machine that does not isolate as the course requires; says what else is missing."""
    if course.isolation == "required":
        require(active)
    elif missing := missing_baseline(active):
        click.echo(f"note: graded without {', '.join(missing)}; `grader doctor` says how to get it", err=True)


def _require_writable(out: Path) -> None:
    """Find out before the work, not after it. Raises UsageError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"--out {out} cannot be written ({error.strerror}); choose another folder") from None
