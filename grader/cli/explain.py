"""`grader explain`, for the instructor alone: the cases that a submission failed, with all their values."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from grader.cli.common import whole_course
from grader.cli.recorded import record_of, record_option
from grader.cli.terminal import console
from grader.errors import UsageError, did_you_mean
from grader.grading.attempt import attempt
from grader.grading.keys import Keys
from grader.grading.pool import Pool, required_by
from grader.grading.reading import functions_of_others
from grader.grading.repair import Repairs
from grader.judging.compare import arranged, compare, conform
from grader.judging.facts import argument_shown, array_shown, shown
from grader.judging.verdicts import Verdict
from grader.names import shown_lines
from grader.record.stored import source_of, submission_of
from grader.submissions.find import find_submissions
from grader.submissions.program import read_program
from grader.wire import messages as wire
from grader.wire.values import Array

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.model import Course, Exercise
    from grader.grading.attempt import Attempt
    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.submissions.program import Refusal, Source
    from grader.submissions.submission import Submission
    from grader.wire.values import Value

__all__ = ["explain", "explained"]


@click.command(
    epilog="""\b
Example:
  grader explain alice sigmoid_grad
"""
)
@click.argument("student")
@click.argument("exercise")
@click.option(
    "--submitted",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the submissions are [default: what the record has, as it was graded].",
)
@record_option
@click.pass_context
def explain(context: click.Context, student: str, exercise: str, submitted: Path | None, db: str | None) -> int:
    """Show one answer's failed cases: inputs, expected and returned values. For the instructor alone."""
    whole = whole_course(context)
    chosen = whole.exercise(exercise)
    keys = Keys(whole)
    key = keys.of(chosen, student)
    submission, source = _found(whole, key, student, submitted) if submitted else _recorded(whole, chosen, student, db)
    others = functions_of_others(whole, keys, chosen) if submission.notebook else {}
    with Pool(required=required_by(whole)) as pool, pool.bench() as bench:
        found = attempt(bench, chosen, key, source, others, keys.own_judge, keys.altered(chosen, key))
        told = Repairs(whole).result(bench, chosen, key, found, keys.own_judge)
    screen = console()
    rubric = keys.compiled(chosen, student).rubric
    for line in explained(key, dataclasses.replace(found, result=told), rubric):
        screen.print(shown_lines(line), markup=False, soft_wrap=True)
    return 0


def _found(whole: Course, key: AnswerKey, student: str, submitted: Path) -> tuple[Submission, Source | Refusal]:
    """The answer in a folder of submissions."""
    only = whole.select(exercise=key.exercise)
    (submission,) = find_submissions(
        submitted, only, [student], whole=whole, functions=lambda _: key.functions
    ).submissions
    return submission, read_program(submission)


def _recorded(whole: Course, chosen: Exercise, student: str, db: str | None) -> tuple[Submission, Source | Refusal]:
    """The answer that counts, out of the record; of one that could not be judged, the last."""
    with record_of(whole, db, must_exist=True) as record:
        entry = record.last_attempt(student, chosen.assignment, chosen.id)
        if entry is None:
            raise UsageError(
                f"the record {record.name} has nothing of {student} for {chosen.id}"
                f"{did_you_mean(student, record.students - {student})}; run `grader grade SUBMITTED` first"
            )
        if (source := source_of(record, entry)) is None:
            raise UsageError(
                f"the record {record.name} has a result of {student} for {chosen.id}, and not what was handed in:"
                " name its folder with --submitted"
            )
        return submission_of(entry), source


def explained(key: AnswerKey, attempt: Attempt, rubric: Sequence[str] = ()) -> Iterator[str]:
    """Lines about every check that is not accepted, and about words that are kept, with what to look for in them."""
    result = attempt.result
    yield f"{result.exercise}: {result.verdict}, {result.score:g} of {result.max_score:g} points"
    yield from (f"  fault: {line}" for line in result.fault.splitlines())
    yield from (f"  note: {note}" for note in result.notes)
    if result.not_searched:
        yield f"  for the edit that makes it right: {result.not_searched}"
    for index, (check, judged) in enumerate(zip(key.checks, result.checks, strict=True)):
        if judged.kept:
            yield from _kept(check, judged.kept, rubric)
        if judged.verdict is Verdict.ACCEPTED:
            continue
        yield ""
        visibility = "public" if check.public else "hidden"
        yield f"{check.name} ({visibility}): {judged.verdict}, {judged.points:g} of {judged.max_points:g} points"
        yield f"  claim: {check.claim}"
        for name in judged.misconceptions:
            yield f"  misconception: {name}"
        yield from (f"  the student was told: {line}" for line in judged.feedback.splitlines())
        if judged.diagnosis and judged.diagnosis.edit:
            yield "  one edit makes it right:"
            yield from (f"    {line}" for line in judged.diagnosis.edit.splitlines())
        outcomes = attempt.outcomes[index] if attempt.outcomes else ()
        for number, case in enumerate(check.cases):
            outcome = outcomes[number] if number < len(outcomes) else None
            yield from _case(check, number, case, outcome)


def _kept(check: CheckKey, words: str, rubric: Sequence[str]) -> Iterator[str]:
    yield ""
    yield f"{check.name}: a person marks these words"
    yield from (f"    {line}" for line in words.splitlines())
    yield "  what to look for:"
    yield from (f"    - {line}" for line in rubric)


def _case(check: CheckKey, number: int, case: CaseKey, outcome: wire.Outcome | None) -> Iterator[str]:
    if isinstance(outcome, wire.Returned) and _same(check, case, outcome.value):
        return
    yield f"  case {number + 1} of {len(check.cases)}"
    for name, value in zip(check.arguments, case.args, strict=False):
        yield f"    {name} = {argument_shown(value)}"
    yield f"    expected   {shown(case.expected)}" + (
        " (or another answer that the check's judge takes)" if check.judge else ""
    )
    match outcome:
        case wire.Returned(value):
            yield f"    returned   {shown(value)}"
            yield from (
                f"    difference {line}"
                for line in _difference(case.expected, arranged(case.expected, check.names, value))
            )
        case wire.Raised():
            yield f"    raised     {outcome.kind}: {outcome.message} ({outcome.chunk}, line {outcome.line})"
        case wire.Stopped():
            yield f"    stopped    {outcome.limit} {outcome.detail}".rstrip()
        case _:
            yield "    not run"


def _same(check: CheckKey, case: CaseKey, value: Value) -> bool:
    return compare(case.expected, arranged(case.expected, check.names, value), check.precision(case)) is None


def _difference(expected: Value, got: Value) -> Iterator[str]:
    got = conform(expected, got)
    if isinstance(expected, Array) and isinstance(got, Array) and expected.shape == got.shape:
        with np.errstate(all="ignore"):
            yield array_shown(np.asarray(got.numpy() - 1.0 * expected.numpy()))
