"""`grader grade`, the instructor's run: find the submissions, grade them, write and show the results."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from grader.cli.common import NamedCourse, jobs_option, json_option, print_json, whole_course
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.terminal import class_table, console, progress
from grader.course.seeds import seed_notice
from grader.errors import CourseError
from grader.grading.classes import grade_class, search_class
from grader.grading.keys import Keys
from grader.grading.pool import Pool, required_by
from grader.judging.verdicts import Verdict
from grader.names import shown
from grader.reports.store import LastRun, Results
from grader.sandbox.layers import missing
from grader.submissions.find import Submission, find_submissions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from grader.course.model import Course, Exercise
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
@click.option("--no-repair", is_flag=True, help="Look for no edit that makes a wrong answer right.")
@json_option
@click.option("--quiet", is_flag=True, help="Print problems only.")
@click.pass_context
def grade(  # noqa: PLR0913  one argument for each option
    context: click.Context, submitted: Path, *, assignments: tuple[str, ...], exercises: tuple[str, ...],
    students: tuple[str, ...], jobs: int, out: Path, missing_is_zero: bool, no_repair: bool, as_json: bool,
    quiet: bool,
) -> int:  # fmt: skip
    """Grade a class: SUBMITTED/<student>/<assignment>/<exercise>.py or .ipynb.

    Writes grades.csv, reports/ (for the instructor) and feedback/ (for the students) into --out. An earlier result there
    is replaced where an answer is found, and stays where none is. Once all is written, wrong answers are searched for the
    one change that makes them right, and their reports written again.
    """
    whole = whole_course(context, always_said=True)
    course = whole.select(assignments, exercises)
    keys = Keys(course)
    asked = functools.partial(_functions, keys)
    found = find_submissions(submitted, course, students, whole=whole, functions=asked)
    results = Results(out, whole)
    results.require_writable()
    absent = frozenset() if students else results.students - {each.student for each in found.submissions}
    notices = (*found.notices, *_absent_notice(sorted(absent), out))
    if dropped := results.dropped:
        notices = (*notices, f"no longer in the course, and so not in grades.csv: {', '.join(dropped)}")
    submissions = _with_absent(found.submissions, absent, course)
    done = _Done()
    with Pool(jobs, required=required_by(course)) as pool:
        notices = (*notices, *_lacking(pool.start()))
        _say(notices)
        if seed := seed_notice(course.seed):
            _say([] if quiet or as_json else [seed])
            notices = (*notices, seed)
        faults = [str(fault) for fault in keys.faults()]
        for fault in faults:
            click.echo(f"grader: {fault}", err=True)
        results.remember(LastRun(str(submitted.resolve())))
        try:
            with progress("grading", quiet=quiet) as advance:
                advance(0, len(submissions))
                for report in grade_class(course, keys, submissions, jobs, pool):
                    done.add(report, results.add(report, missing_is_zero=missing_is_zero))
                    advance(done.count, len(submissions))
        finally:
            # A run that is cut off keeps what it has finished, and what an earlier one had.
            path = results.write_grades()
            _log.info("%d results in %s", done.count, path)
        _say(kept := [_kept_notice(assignment, names) for assignment, names in done.kept.items()])
        selected = {exercise.id for exercise in course.exercises()}
        rows = [
            row for row in results.rows() if (row.student, row.assignment) in done.graded and row.exercise in selected
        ]
        if as_json:
            print_json({"course": NamedCourse.of(whole), "grades": rows, "notices": (*notices, *kept), "unplaced": found.unplaced, "faults": faults,
                        "out": str(out)})  # fmt: skip
        screen = console(quiet=quiet or as_json)
        screen.print(class_table(course, rows, screen.width))
        # A path is copied whole: the terminal may wrap it, and nobody else.
        screen.print(Text(f"{path}  reports: {out / 'reports'}  feedback: {out / 'feedback'}"), soft_wrap=True)
        if done.unjudged:
            click.echo(
                f"grader: {len(done.unjudged)} answers to {', '.join(sorted(set(done.unjudged)))} could not be judged; "
                "an earlier result stays, else the score is left empty. `grader explain STUDENT EXERCISE` says why",
                err=True,
            )
        _say_unplaced(found.unplaced)
        if not no_repair:
            _search(
                course, keys, [each for each in submissions if each.path], results, pool, jobs, quiet=quiet or as_json
            )
    return EXIT_FAULT if done.unjudged or faults or found.unplaced else 0


def _search(  # noqa: PLR0913
    course: Course, keys: Keys, submissions: Sequence[Submission], results: Results, pool: Pool, jobs: int, *, quiet: bool
) -> None:  # fmt: skip
    """Look for one edit in the wrong answers that wait for it: every report is written, and those concerned are again."""
    waiting = {
        (student, assignment): results.searches(student, assignment)
        for student, assignment in {(each.student, each.assignment) for each in submissions}
    }
    due = [each for each in submissions if each.exercise in waiting[each.student, each.assignment]]
    if not due:
        return
    _say([] if quiet else [f"all grades are written; {len(due)} wrong answers are searched for the one change that makes them right (--no-repair leaves it out)"])  # fmt: skip
    with progress("searching", quiet=quiet) as advance:
        for number, report in enumerate(search_class(course, keys, due, jobs, pool), 1):
            results.add_searched(report)
            advance(number, len(due))


@dataclass(slots=True)
class _Done:
    """What a run has come to so far."""

    count: int = 0
    graded: set[tuple[str, str]] = field(default_factory=set)
    """The students and assignments."""
    unjudged: list[str] = field(default_factory=list)
    """The exercise of each answer that could not be judged."""
    kept: dict[str, list[str]] = field(default_factory=dict)
    """Whose earlier scores stay since nothing was found of theirs, by assignment."""

    def add(self, report: Report, stayed: Collection[str]) -> None:
        """Add a student's assignment as it was graded, and the exercises whose earlier result stayed."""
        self.count += len(report.exercises)
        self.graded.add((report.student, report.assignment))
        faulty = {each.exercise for each in report.exercises if each.verdict is Verdict.JUDGE_ERROR}
        self.unjudged.extend(faulty)
        if set(stayed) - faulty:
            self.kept.setdefault(report.assignment, []).append(report.student)


def _functions(keys: Keys, exercise: Exercise) -> tuple[str, ...]:
    """What an exercise asks for; the function of its name where its key cannot be compiled."""
    try:
        return keys.of(exercise).functions
    except CourseError:
        return (exercise.id,)


def _with_absent(found: Sequence[Submission], absent: Collection[str], course: Course) -> list[Submission]:
    """What was found, by student, and that nothing was found of the others who are known."""
    nothing = [
        Submission(student, exercise.assignment, exercise.id, None, "")
        for student in absent
        for exercise in course.exercises()
    ]
    return sorted((*found, *nothing), key=lambda submission: submission.student)


def _say(notices: Iterable[str]) -> None:
    for notice in notices:
        click.echo(f"note: {shown(notice)}", err=True)


def _say_unplaced(lines: Sequence[str]) -> None:
    """In red, and last: what may be answers and has no points."""
    if lines:
        head = f"grader: not graded, though there may be answers in it ({len(lines)}):"
        click.secho("\n".join([head, *(f"  {shown(line)}" for line in lines)]), fg="red", err=True)


def _absent_notice(students: Sequence[str], out: Path) -> Iterator[str]:
    if students:
        yield (
            f"not among the submissions any more, though {out} has reports/ and feedback/ of them:"
            f" {_named(students)}; remove those by hand if they have left"
        )


def _kept_notice(assignment: str, students: Sequence[str]) -> str:
    """Whose earlier scores stay, since this run found nothing of theirs."""
    return f"{assignment}: nothing new was found of {_named(students)}; earlier scores stay (--missing-is-zero replaces them)"


def _named(students: Sequence[str]) -> str:
    more = [f"and {len(students) - _NAMED} more"] * (len(students) > _NAMED)
    return ", ".join([*map(shown, students[:_NAMED]), *more])


def _lacking(active: Sequence[str]) -> tuple[str, ...]:
    """What the baseline of isolation has and this machine has not, where a course does without."""
    if lacking := missing(active):
        return (f"graded without {', '.join(lacking)}; `grader doctor` says how to get it",)
    return ()
