"""`grader grade`, the instructor's run: find the submissions, grade them, write and show the results."""

from __future__ import annotations

import functools
import logging
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from rich.text import Text

from grader.building.stub import functions_asked
from grader.cli.clustered import cluster_options, executor_for
from grader.cli.common import NamedCourse, jobs_option, json_option, print_json, whole_course
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.recorded import out_option, record_of, record_option
from grader.cli.screen import console
from grader.cli.terminal import class_table, progress
from grader.course.seeds import seed_notice
from grader.course.teams import teams_of, teams_told
from grader.grading.keys import Keys
from grader.grading.pool import begun, required_by
from grader.names import shown
from grader.record.earlier import keep_earlier
from grader.record.running import Grading, place_of
from grader.record.writing import Writer, grades
from grader.reports.store import Results
from grader.sandbox.layers import missing
from grader.submissions.find import Submission, find_submissions
from grader.words import count_of, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from grader.course.model import Course
    from grader.grading.scheduler import Address
    from grader.record.rows import Known, Place
    from grader.record.running import Step

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
@jobs_option()
@cluster_options
@out_option("Where the results go.")
@click.option("--missing-is-zero", is_flag=True, help="Replace earlier scores also where nothing is found any more.")
@click.option("--no-repair", is_flag=True, help="Look for no edit that makes a wrong answer right.")
@json_option
@click.option("--quiet", is_flag=True, help="Print problems only.")
@record_option
@click.pass_context
def grade(  # noqa: PLR0913  one argument for each option
    context: click.Context, submitted: Path, *, assignments: tuple[str, ...], exercises: tuple[str, ...],
    students: tuple[str, ...], jobs: int | None, out: Path, missing_is_zero: bool, no_repair: bool, as_json: bool,
    quiet: bool, db: str | None, cluster: Address | None,
) -> int:  # fmt: skip
    """Grade a class: SUBMITTED/<student>/<assignment>/<exercise>.py or .ipynb.

    What was handed in and what came of it goes into the course's record; what is there already is not run again. From the record
    grades.csv, reports/ (for the instructor) and feedback/ (for the students) are written into --out. An earlier result
    is replaced where an answer is found, and stays where none is. Once all is written, wrong answers are searched for the
    one change that makes them right, and their reports written again.
    """
    whole = whole_course(context, always_said=True)
    course = whole.select(assignments, exercises)
    results = Results(out)
    with ExitStack() as held:
        if worker := None if cluster else begun():
            held.callback(worker.close)
        record = held.enter_context(record_of(whole, db))
        keys = Keys(whole, store=record)
        asked = functools.partial(functions_asked, whole)
        found = find_submissions(submitted, course, students, whole=whole, functions=asked)
        held.enter_context(results.locked())
        known = record.identities()
        absent = frozenset() if students else {each[0] for each in known} - {each.student for each in found.submissions}
        notices = (
            *found.notices, *_absent_notice(sorted(absent), record.name), *_dropped_notice(known, whole),
            *teams_told(whole, teams_of(whole), {*record.students, *(each.student for each in found.submissions)}),
        )  # fmt: skip
        submissions = _with_absent(found.submissions, absent, course)
        grading = Grading(
            record,
            whole,
            keys,
            held.enter_context(executor_for(whole, keys, jobs, len(submissions), required_by(course), cluster, worker)),
            new=sum(place_of(each) not in known for each in submissions),
        )
        notices = (*notices, *_lacking(grading.layers))
        _say(notices)
        if seed := seed_notice(course.seed):
            _say([] if quiet or as_json else [seed])
            notices = (*notices, seed)
        faults = [str(fault) for fault in keys.faults(course.exercises())]
        for fault in faults:
            click.echo(f"grader: {fault}", err=True)
        record.begin_run("grade", str(submitted.resolve()))
        if missing_is_zero:
            record.act("missing-is-zero", "--missing-is-zero", {"students": students, "assignments": assignments, "exercises": exercises})  # fmt: skip
        earlier = keep_earlier(record, submitted, found.submissions, whole.rules.attempts)
        writer = Writer(record, whole, results)
        with progress("grading earlier attempts", quiet=quiet) as advance:
            for number, _ in enumerate(grading.grade_earlier(earlier), 1):
                advance(number, len(earlier))
        done = _grade(grading, submissions, known, writer, missing_is_zero=missing_is_zero, quiet=quiet)
        _log.info("%d results in %s", len(submissions), results.grades)
        _say(kept := [_kept_notice(assignment, sorted(names)) for assignment, names in sorted(done.kept.items())])
        screen = console(quiet=quiet or as_json)
        graded = {(each.student, each.exercise) for each in submissions} if as_json or not screen.quiet else set()
        rows = [row for row in grades(record, whole) if (row.student, row.exercise) in graded] if graded else []
        if as_json:
            print_json({"course": NamedCourse.of(whole), "grades": rows, "notices": (*notices, *kept), "unplaced": found.unplaced, "faults": faults,
                        "out": str(out)})  # fmt: skip
        if not screen.quiet:
            screen.print(class_table(course, rows, screen.width))
            # A path is copied whole: the terminal may wrap it, and nobody else.
            screen.print(
                Text(f"{results.grades}  reports: {out / 'reports'}  feedback: {out / 'feedback'}"), soft_wrap=True
            )
        if done.unjudged:
            click.echo(
                f"grader: {count_of(len(done.unjudged), 'answer')} to {', '.join(sorted(set(done.unjudged)))} could not be judged; "
                "an earlier result stays, else the score is left empty. `grader explain STUDENT EXERCISE` says why",
                err=True,
            )
        _say_unplaced(found.unplaced)
        known = record.identities() if done.count else known
        _say([] if quiet or as_json else _older_notice(grading.older(submissions, known)))
        if not no_repair:
            _search(grading, submissions, known, writer, quiet=quiet or as_json)
    return EXIT_FAULT if done.unjudged or faults or found.unplaced else 0


def _grade(  # noqa: PLR0913
    grading: Grading, submissions: Sequence[Submission], known: Mapping[Place, Known], writer: Writer,
    *, missing_is_zero: bool, quiet: bool,
) -> _Done:  # fmt: skip
    """Grade what is not known. A run that is cut off keeps what it has finished, and what an earlier one had."""
    done = _Done()
    try:
        with progress("grading", quiet=quiet) as advance:
            advance(0, len(submissions))
            for step in grading.grade(submissions, known, writer, missing_is_zero=missing_is_zero):
                done.add(step)
                advance(done.count, len(submissions))
            advance(len(submissions), len(submissions))
    finally:
        writer.finish()
    return done


def _search(
    grading: Grading, submissions: Sequence[Submission], known: Mapping[Place, Known], writer: Writer, *, quiet: bool
) -> None:
    """Look for one edit in the wrong answers that wait for it: every report is written, and those concerned are again."""
    due = grading.waiting(submissions, known)
    if not due:
        return
    _say([] if quiet else [f"all grades are written; searching {count_of(len(due), 'wrong answer')} for the one change that makes it right (--no-repair leaves it out)"])  # fmt: skip
    try:
        with progress("searching", quiet=quiet) as advance:
            for number, _ in enumerate(grading.search(due, writer), 1):
                advance(number, len(due))
    finally:
        writer.finish()


class _Done(msgspec.Struct):
    """What a run has come to so far."""

    count: int = 0
    """How many answers have been looked at among which something has changed."""
    unjudged: list[str] = []
    """The exercise of each answer that could not be judged."""
    kept: dict[str, list[str]] = {}
    """Whose earlier scores stay since nothing was found of theirs, by assignment."""

    def add(self, step: Step) -> None:
        """Add a student's assignment."""
        self.count += step.answers
        self.unjudged.extend(step.unjudged)
        if step.kept:
            self.kept.setdefault(step.assignment, []).append(step.student)


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


def _absent_notice(students: Sequence[str], record: str) -> Iterator[str]:
    if students:
        yield f"not among the submissions any more, though {record} has results of them, which stay: {listed(students, _NAMED, shown)}"


def _dropped_notice(known: Iterable[Place], course: Course) -> Iterator[str]:
    """The exercises that there are results of, and that the course no longer has."""
    there = {(exercise.assignment, exercise.id) for exercise in course.exercises()}
    if dropped := sorted({f"{assignment}/{exercise}" for _, assignment, exercise in known if (assignment, exercise) not in there}):  # fmt: skip
        yield f"no longer in the course, and so not in grades.csv: {', '.join(dropped)}"


def _kept_notice(assignment: str, students: Sequence[str]) -> str:
    """Whose earlier scores stay, since this run found nothing of theirs."""
    return f"{assignment}: nothing new was found of {listed(students, _NAMED, shown)}; earlier scores stay (--missing-is-zero replaces them)"


def _older_notice(count: int) -> Iterator[str]:
    if count:
        yield (
            f"{count} {'results are' if count > 1 else 'result is'} older than the checks, the limits or the grader, and not of what was"
            " graded now: `grader regrade --dry-run` shows who would change"
        )


def _lacking(active: Sequence[str]) -> tuple[str, ...]:
    """What the baseline of isolation has and this machine has not, where a course does without."""
    if lacking := missing(active):
        return (f"graded without {', '.join(lacking)}; `grader doctor` says how to get it",)
    return ()
