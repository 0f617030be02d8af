"""`grader override`: a person's points for one answer, in the place of the judge's."""

from __future__ import annotations

import math

import click

from grader.cli.common import whole_course
from grader.cli.lines import output
from grader.cli.mark import NEXT, record_mark
from grader.cli.recorded import nothing_of, record_of, record_option
from grader.errors import UsageError
from grader.judging.verdicts import Verdict
from grader.names import shown
from grader.record.clock import who
from grader.record.decisions import marks
from grader.record.term import Term
from grader.reports.marks import MAX_COMMENT, OVERALL, Mark, judged_points
from grader.reports.pages import points as points_shown
from grader.words import count_of

__all__ = ["override"]


@click.command(
    epilog="""\b
Examples:
  grader override alice sigmoid_grad 2 --why "appeal of 3 March: right but for the sign"
  grader override bob sigmoid_grad 0 --why "copied" --comment "See me in my office hour."
  grader override alice sigmoid_grad --withdraw --why "the board decided otherwise"
"""
)
@click.argument("student")
@click.argument("exercise")
@click.argument("points", type=float, required=False)
@click.option("--why", default="", help="What the record says of it, for those who grade.")
@click.option("--comment", default="", help="What the student's page says of it.")
@click.option("--as", "marker", metavar="NAME", help="In whose name [default: yours on this machine].")
@click.option("--withdraw", is_flag=True, help="Let the judge's points count again.")
@record_option
@click.pass_context
def override(  # noqa: PLR0913  one argument for each option
    context: click.Context, student: str, exercise: str, points: float | None, *, why: str, comment: str,
    marker: str | None, withdraw: bool, db: str | None,
) -> int:  # fmt: skip
    """Give POINTS for the answer that counts, in the place of the judge's: after an appeal, or for one that was flagged.

    What people give for words stays as it is. The points belong to the answer: they survive regrading, and are not those of another one
    that the student hands in.
    """
    if withdraw == (points is not None):
        raise UsageError("name the POINTS that are given, or --withdraw to take back those that were")
    if len(comment) > MAX_COMMENT:
        raise UsageError(f"--comment has more than {MAX_COMMENT} characters")
    course = whole_course(context)
    chosen = course.exercise(exercise)
    with record_of(course, db, must_exist=True) as record:
        entry = Term(record, course).counting(student, chosen)
        if entry is None:
            raise nothing_of(record, student, chosen)
        if not entry.program or entry.result.verdict is Verdict.JUDGE_ERROR:
            why_not = "could not be judged" if entry.program else "is no program"
            raise UsageError(
                f"what counts of {shown(student)} for {chosen.id} {why_not}: there are no points to replace"
            )
        whose = (entry.student, chosen.id, OVERALL, entry.program)
        before = marks(record.acts()).get(whose)
        earned, possible = judged_points(entry.result)
        if withdraw and before is None:
            raise UsageError(f"nobody has given {shown(student)} points for {chosen.id} in the place of the judge's")
        if points is not None and not (math.isfinite(points) and 0 <= points <= possible):
            raise UsageError(f"POINTS for {chosen.id} are from 0 to {possible:g}")
        # What is taken back is what counts, whoever gave it; the record's row says who took it back.
        by = before.by if withdraw and before else marker or who()
        given = Mark(
            student=entry.student, exercise=chosen.id, check=OVERALL, text=entry.program, points=points, comment=comment, by=by
        )  # fmt: skip
        record_mark(record, given, why)
        counts = marks(record.acts()).get(whose)
    instead = f"instead of the judge's {points_shown(earned)} of {points_shown(possible)}"
    again = f"the judge's {points_shown(earned)} of {points_shown(possible)} again"
    said = again if counts is None or counts.points is None else f"{count_of(counts.points, 'point')} {instead}"
    output().fold(f"{shown(student)}, {chosen.id}: {said}; {NEXT}")
    return 0
