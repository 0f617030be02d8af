"""`grader mark`: a person's points for written answers, one at a time in the terminal or all in a spreadsheet."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from grader.cli.common import whole_course
from grader.cli.lines import Line, folded_text, output
from grader.cli.recorded import record_of, record_option
from grader.errors import UsageError
from grader.files import write_atomically
from grader.grading.choosing import exercises_named
from grader.grading.keys import Keys
from grader.names import shown, shown_lines
from grader.record.clock import who
from grader.record.decisions import MARK, marks, marks_by
from grader.reports.grades_csv import inert
from grader.reports.marks import MAX_COMMENT, Mark, agreement, answers, from_sheet, points_of, to_sheet
from grader.reports.pages import points as points_shown
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.course.model import Course
    from grader.record.record import Record
    from grader.reports.marks import Answer

__all__ = ["NEXT", "mark", "record_mark", "typed"]

_Whose = tuple[str, str, str, str]
_TYPED = re.compile(
    r"(?:=\s*(?P<points>[0-9]*[.,]?[0-9]+)|(?P<lines>[0-9]+(?:[ ,]+[0-9]+)*))\s*(?:#\s*(?P<comment>.*))?"
)
_HOW = "the lines that hold (12; 0 for none) or =POINTS, # COMMENT; s skips, u takes the last back, q ends"

NEXT = "`grader grade SUBMITTED` brings grades.csv, reports and pages up to date, `grader feedback` the pages alone"
"""What becomes of a mark: the record has it at once, and with it `grader grades` and exports."""
_BESIDE = "  | "
"""Before each line of an answer."""


class Typed(msgspec.Struct, frozen=True):
    """What a person has typed under an answer."""

    points: float
    lines: tuple[int, ...] = ()
    comment: str = ""


def typed(text: str, rubric: Sequence[str], max_points: float) -> Typed:
    """Points, or the lines of the rubric that hold, and a comment. Raises ValueError, whose text says what is wrong."""
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"that is neither points nor lines: {_HOW}")
    comment = (match["comment"] or "").strip()
    if len(comment) > MAX_COMMENT:
        raise ValueError(f"the comment has more than {MAX_COMMENT} characters")
    if match["points"] is not None:
        points = float(match["points"].replace(",", "."))
        if not 0 <= points <= max_points:
            raise ValueError(f"points are from 0 to {max_points:g}")
        return Typed(points, comment=comment)
    lines = tuple(sorted({int(digit) for digit in re.sub(r"\D", "", match["lines"])} - {0}))
    if not rubric and lines:
        raise ValueError("there is no rubric here: give points, such as =1")
    if any(line > len(rubric) for line in lines):
        raise ValueError(f"the rubric has {count_of(len(rubric), 'line')}")
    return Typed(points_of(lines, rubric, max_points), lines, comment)


@click.command(
    epilog="""\b
Examples:
  grader mark activations                          one answer after the other
  grader mark activations --anonymous --as ada     without names, in the name of ada
  grader mark activations --export sheet.csv       a spreadsheet to fill in, and
  grader mark activations --import sheet.csv       take it in again
  grader mark activations --agreement              how far two people agree
"""
)
@click.argument("what", metavar="ASSIGNMENT|EXERCISE")
@record_option
@click.option("--anonymous", is_flag=True, help="Show no names.")
@click.option("--as", "marker", metavar="NAME", help="In whose name [default: yours on this machine].")
@click.option(
    "--again", is_flag=True, help="Ask also what somebody else has marked: for a second opinion, also in a spreadsheet."
)
@click.option(
    "--export", "sheet", type=click.Path(path_type=Path, dir_okay=False), help="Write the answers into a spreadsheet."
)
@click.option(
    "--import", "filled", type=click.Path(path_type=Path, dir_okay=False), help="Take the points of a spreadsheet."
)
@click.option("--agreement", "agreed", is_flag=True, help="Show Cohen's kappa for each two people who marked the same.")
@click.pass_context
def mark(  # noqa: PLR0913  one argument for each option
    context: click.Context, what: str, *, db: str | None, anonymous: bool, marker: str | None, again: bool,
    sheet: Path | None, filled: Path | None, agreed: bool,
) -> int:  # fmt: skip
    """Give points for written answers; each mark is a row of the record, and survives regrading.

    An answer is asked while nobody has marked its text; what was skipped is asked again the next time.
    """
    asked = [option for option, value in (("--export", sheet), ("--import", filled), ("--agreement", agreed)) if value]
    if len(asked) > 1:
        raise UsageError(f"{' and '.join(asked)} are two things to do: give one, and then the other")
    course = whole_course(context)
    chosen = [exercise.id for exercise in exercises_named(course, what)]
    by = marker or who()
    with record_of(course, db) as record:
        found = [
            answer for entry in record.entries(exercises=chosen) for answer in answers(entry.student, entry.result)
        ]
        acts = record.acts()
        if agreed:
            return _agreement(marks_by(acts), {answer.whose for answer in found})
        given = marks_by(acts).get(by, {}) if again else marks(acts)
        if sheet is not None:
            write_atomically(sheet, to_sheet(course.title, found, given, anonymous=anonymous))
            click.echo(
                f"{count_of(len(found), 'answer')} in {sheet}: fill in points and comment, and take it in with --import"
            )
            return 0
        if filled is not None:
            return _import(record, course, filled, found, given, by)
        due = [answer for answer in found if answer.whose not in given]
        if not due:
            marked = f"all {len(found)} are marked; --again --as NAME is for a second opinion"
            output().fold(f"0 written answers to mark: {marked if found else 'nobody has handed in one'}")
            return 0
        return _ask(record, _rubrics(course, due), due, by, anonymous=anonymous)


def _import(  # noqa: PLR0913
    record: Record, course: Course, path: Path, found: Sequence[Answer], given: Mapping[_Whose, Mark], by: str
) -> int:  # fmt: skip
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})") from None
    read = [_as_written(each, given) for each in from_sheet(course.title, data, found, str(path))]
    new = [
        each
        for each in read
        if (before := given.get(each.whose)) is None or (before.points, before.comment) != (each.points, each.comment)
    ]
    for each in new:
        record_mark(record, msgspec.structs.replace(each, by=by), f"out of {path.name}")
    same = f", {len(read) - len(new)} as they were" if len(read) > len(new) else ""
    click.echo(f"{count_of(len(new), 'mark')} recorded{same}; {NEXT}")
    return 0


def _as_written(each: Mark, given: Mapping[_Whose, Mark]) -> Mark:
    """A mark without what was put before its comment, so that no spreadsheet takes that for a formula."""
    before = given.get(each.whose)
    if before is None or each.comment != inert(before.comment):
        return each
    return msgspec.structs.replace(each, comment=before.comment)


def record_mark(record: Record, given: Mark, why: str = "") -> None:
    """Enter what a person gave, or took back."""
    details = msgspec.to_builtins(given)
    details.pop("at")
    record.act(MARK, why, details)


def _agreement(by_person: Mapping[str, Mapping[_Whose, Mark]], asked: set[_Whose]) -> int:
    """Cohen's kappa of each two who have marked the same texts."""
    people = sorted(by_person)
    told = False
    for index, one in enumerate(people):
        for other in people[index + 1 :]:
            mine, theirs = (
                [each for whose, each in by_person[name].items() if whose in asked] for name in (one, other)
            )
            kappa, texts = agreement(mine, theirs)
            if not math.isnan(kappa):
                told = True
                click.echo(f"{shown(one)} and {shown(other)}: kappa {kappa:.2f} on {count_of(texts, 'answer')}")
    if not told:
        click.echo("no two people have marked the same answers; a second one does so with --again --as NAME")
    return 0


def _rubrics(course: Course, due: Sequence[Answer]) -> dict[str, tuple[str, ...]]:
    """The lines that a person marks by, for each exercise that is asked."""
    keys = Keys(course)
    return {name: keys.compiled(course.exercise(name)).rubric for name in {answer.exercise for answer in due}}


def _ask(
    record: Record, rubrics: Mapping[str, Sequence[str]], due: Sequence[Answer], by: str, *, anonymous: bool
) -> int:
    """Show one answer after the other, and record what is typed."""
    screen = output()
    screen.fold(f"{count_of(len(due), 'written answer')} to mark; type {_HOW}")
    index = 0
    done: list[int] = []
    while index < len(due):
        answer, rubric = due[index], rubrics[due[index].exercise]
        click.echo("")
        whose = f"answer {index + 1}" if anonymous else shown(answer.student)
        screen.fold(f"{index + 1}/{len(due)}  {answer.exercise}: {answer.claim}  ({whose})", "bold")
        for line in shown_lines(answer.text).splitlines():
            for piece in folded_text(line, screen.width - len(_BESIDE)):
                screen.say(Line.of(_BESIDE) + piece)
        for number, line in enumerate(rubric, 1):
            screen.fold(f"  {number}: {line}")
        text = click.prompt(f"points of {points_shown(answer.max_points)}", prompt_suffix=" > ").strip()
        if text == "q":
            break
        if text == "u":
            if not done:
                click.echo("nothing to take back")
                continue
            index = done.pop()
            record_mark(record, _mark(due[index], None, by), "taken back")
            continue
        if text != "s":
            try:
                given = typed(text, rubric, answer.max_points)
            except ValueError as problem:
                screen.fold(str(problem))
                continue
            record_mark(record, _mark(answer, given, by))
            done.append(index)
        index += 1
    screen.fold(f"{len(done)} marked, {len(due) - len(done)} left; {NEXT}")
    return 0


def _mark(answer: Answer, given: Typed | None, by: str) -> Mark:
    student, exercise, check, text = answer.whose
    return Mark(
        student=student, exercise=exercise, check=check, text=text, by=by, points=None if given is None else given.points,
        lines=given.lines if given else (), comment=given.comment if given else "",
    )  # fmt: skip
