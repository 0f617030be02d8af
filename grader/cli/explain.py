"""`grader explain`, for the instructor alone: the cases that a submission failed, with all their values."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import whole_course
from grader.cli.recorded import nothing_of, record_of, record_option
from grader.cli.screen import console
from grader.errors import UsageError, did_you_mean
from grader.grading.attempt import attempt
from grader.grading.keys import Keys
from grader.grading.pool import Pool, required_by
from grader.grading.reading import functions_of_others
from grader.grading.repair import Repairs
from grader.names import shown, shown_lines
from grader.record.rows import NOT_JUDGED
from grader.record.stored import source_of, submission_of
from grader.record.term import Term
from grader.reports.explanation import Answered, explained
from grader.submissions.find import find_submissions
from grader.submissions.program import read_program
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.model import Course, Exercise
    from grader.judging.answer_key import AnswerKey
    from grader.judging.verdicts import ExerciseResult
    from grader.record.rows import Entry
    from grader.submissions.program import Refusal, Source
    from grader.submissions.submission import Submission

__all__ = ["explain"]


@click.command(
    epilog="""\b
Examples:
  grader explain alice sigmoid_grad                           each failed check, with the first case that shows it
  grader explain alice sigmoid_grad --check large_inputs      all wrong cases of one check
  grader explain alice sigmoid_grad --check large_inputs --case 2
"""
)
@click.argument("student")
@click.argument("exercise")
@click.option(
    "--submitted",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the submissions are [default: what the record has, as it was graded].",
)
@click.option("--check", metavar="NAME", default="", help="Show this check alone, with all its wrong cases.")
@click.option("--case", metavar="N", type=click.IntRange(1), help="Show this case of the check alone, wrong or right.")
@record_option
@click.pass_context
def explain(  # noqa: PLR0913  one argument for each option
    context: click.Context, student: str, exercise: str, *, submitted: Path | None, check: str, case: int | None,
    db: str | None,
) -> int:  # fmt: skip
    """Show one answer's failed cases: inputs, expected and returned values. For the instructor alone."""
    whole = whole_course(context)
    chosen = whole.exercise(exercise)
    keys = Keys(whole)
    key = keys.of(chosen, student)
    _require(key, check, case)
    marked: Callable[[ExerciseResult], ExerciseResult] | None = None
    if submitted:
        submission, source = _found(whole, key, student, submitted)
    else:
        entry, source, note, marked = _recorded(whole, chosen, student, db)
        submission, key = submission_of(entry), keys.of(chosen, entry.student)
        if note:
            click.echo(f"note: {shown(note)}", err=True)
    others = functions_of_others(whole, keys, chosen) if submission.notebook else {}
    with Pool(required=required_by(whole)) as pool, pool.bench() as bench:
        found = attempt(bench, chosen, key, source, others, keys.own_judge, keys.altered(chosen, key))
        told = Repairs(whole.repair, whole.reference).result(bench, chosen, key, found, keys.own_judge)
    screen = console()
    rubric = keys.compiled(chosen, student).rubric
    read = found.program
    chunks = () if read is None else [each for each in read.chunks if not read.own or each.name in read.own]
    answered = Answered(
        result=told, marked=marked(told) if marked else None, outcomes=found.outcomes, program=chunks
    )  # fmt: skip
    for line in explained(key, answered, rubric, check=check, case=case or 0, width=screen.width):
        screen.print(shown_lines(line), markup=False, soft_wrap=True)
    return 0


def _require(key: AnswerKey, check: str, case: int | None) -> None:
    """Raises UsageError for a check or a case that is not there."""
    names = [each.name for each in key.checks]
    if case and not check:
        raise UsageError(f"--case {case} is one of a check: name that with --check, one of {', '.join(names)}")
    if not check:
        return
    if check not in names:
        near = did_you_mean(check, names) or f"; they are {', '.join(names)}"
        raise UsageError(f"{key.exercise} has no check {shown(check)!r}{near}")
    count = len(key.checks[names.index(check)].cases)
    if case and case > count:
        raise UsageError(f"{check} has {count_of(count, 'case')}; choose one with --case 1 to {count}")


def _found(whole: Course, key: AnswerKey, student: str, submitted: Path) -> tuple[Submission, Source | Refusal]:
    """The answer in a folder of submissions."""
    only = whole.select(exercise=key.exercise)
    (submission,) = find_submissions(
        submitted, only, [student], whole=whole, functions=lambda _: key.functions
    ).submissions
    return submission, read_program(submission)


def _recorded(
    whole: Course, chosen: Exercise, student: str, db: str | None
) -> tuple[Entry, Source | Refusal, str, Callable[[ExerciseResult], ExerciseResult]]:
    """The answer that counts, out of the record, what to say of it where it is not the newest, and what gives it people's marks.

    Of one that could not be judged, the last.
    """
    with record_of(whole, db, must_exist=True) as record:
        newest = record.last_attempt(student, chosen.assignment, chosen.id)
        term = Term(record, whole)
        counting = term.counting(student, chosen)
        entry = newest if newest is not None and newest.rank == NOT_JUDGED else counting
        if entry is None:
            raise nothing_of(record, student, chosen)
        if (source := source_of(record, entry)) is None:
            raise UsageError(
                f"the record {record.name} has a result of {student} for {chosen.id}, and not what was handed in:"
                " name its folder with --submitted"
            )
        return entry, source, _which(term, entry, newest, counting), functools.partial(term.marked, entry)


def _which(term: Term, entry: Entry, newest: Entry | None, counting: Entry | None) -> str:
    """Which attempt is shown, where the newest is not the one that counts."""
    if counting is None or (newest is not None and newest.result_id == counting.result_id):
        return ""
    if newest is None:
        return f"this counts for the team: {_said(term, counting)}"
    if entry is newest:
        return f"this is the newest attempt, which could not be judged; what counts is {_said(term, counting)}"
    other = f"the newest is {_said(term, newest)}" if newest.name else f"of {newest.student} nothing was found"
    return f"by the rules of the term this attempt counts: {_said(term, counting)}; {other}"


def _said(term: Term, entry: Entry) -> str:
    result = term.marked(entry)
    points = f"{result.score:g} of {result.max_score:g} points"
    when = f" at {entry.submitted_at}" if entry.submitted_at else ""
    return f"{entry.name}, handed in by {entry.student}{when}, {points}"
