"""What nbgrader graded, and what a person gave for it, into the course's record."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.for_nbgrader.gradebook.marked import BY, marks_of
from grader.names import shown
from grader.record.decisions import MARK, marks, marks_by
from grader.record.rows import Earlier
from grader.record.running import place_of
from grader.reports.marks import EXTRA, OVERALL, answers
from grader.submissions.files import read_file
from grader.submissions.program import MAX_NOTEBOOK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from grader.for_nbgrader.gradebook.marked import Marked
    from grader.record.record import Record
    from grader.record.rows import Entry, Known, Place
    from grader.record.running import Grading
    from grader.record.writing import Writer
    from grader.reports.marks import Mark
    from grader.submissions.submission import Submission

__all__ = ["Pulled", "attach", "grade_graded"]


class Pulled(msgspec.Struct, frozen=True):
    """What became of what people gave: how many marks are new, and where one is not of the answer that counts."""

    new: int
    unmarked: tuple[str, ...]


def grade_graded(
    record: Record, grading: Grading, submissions: Sequence[Submission], known: Mapping[Place, Known], writer: Writer,
) -> dict[Place, str]:  # fmt: skip
    """Record and grade the notebooks that nbgrader graded; the hash of each.

    One in whose place a later answer counts already is kept as an earlier attempt.
    """
    data: dict[str, bytes] = {}
    names: dict[Path, str] = {}
    for path in dict.fromkeys(each.path for each in submissions if each.path):
        read = read_file(path, MAX_NOTEBOOK)
        names[path] = hashlib.sha256(read).hexdigest()
        data[names[path]] = read
    contents = {place_of(each): names[each.path] for each in submissions if each.path}
    current, earlier = [], []
    for each in submissions:
        counts = known.get(place_of(each))
        if counts is None or counts.content == contents[place_of(each)] or counts.submitted_at <= each.submitted_at:
            current.append(each)
        else:
            earlier.append(
                Earlier(
                    student=each.student, assignment=each.assignment, exercise=each.exercise, name=each.path.name if each.path else "",
                    content=contents[place_of(each)], submitted_at=each.submitted_at, by=each.by,
                )
            )  # fmt: skip
    if earlier:
        record.keep(earlier, data.get)
    for _ in grading.grade_earlier(earlier):
        pass
    for _ in grading.grade(current, known, writer, missing_is_zero=False):
        pass
    record.flush()
    return contents


def attach(record: Record, marked: Iterable[Marked], contents: Mapping[Place, str], assignment: str) -> Pulled:
    """Record what a person gave, each for the text and the program that nbgrader showed; and what was taken out there again."""
    acts = record.acts()
    given, said = marks(acts), marks_by(acts).get(BY, {})
    pulled = {whose for whose, mark in given.items() if mark.by == BY}
    known = {whose[:2] for whose in pulled}
    new, unmarked = 0, []
    for each in marked:
        place = each.student, assignment, each.exercise
        is_given = each.written is not None or each.overall is not None or each.extra > 0
        if not is_given and (each.student, each.exercise) not in known:
            continue
        who = f"{shown(each.student)}, {each.exercise}"
        if each.changed:
            unmarked.append(
                f"{who}: nbgrader has graded another answer since a person gave points; give them there again"
            )
            continue
        entry = _entry(record, place, contents.get(place, ""))
        if entry is None:
            unmarked.append(f"{who}: the notebook that a person gave points for is not there any more")
            continue
        told = {mark.whose: mark for mark in marks_of(each, entry.judged, entry.program)}
        for whose, mark in told.items():
            if _is_new(mark, said.get(whose)) and _is_new(mark, given.get(whose)):
                record.act(MARK, "out of nbgrader's gradebook", _details(mark))
                new += 1
        about = {
            (each.student, each.exercise, OVERALL, entry.program),
            *(one.whose for one in answers(each.student, entry.judged)),
        }
        for whose in sorted(about & pulled - told.keys()):
            _take_back(record, whose)
            new += 1
        counts = record.entry(*place)
        if counts and not _is_same(each, counts, entry):
            unmarked.append(f"{who}: what counts is another answer than the one that a person gave points for")
    return Pulled(new, tuple(unmarked))


def _is_new(mark: Mark, before: Mark | None) -> bool:
    """Whether nbgrader says something else than was said before, be it what counts or its own last word.

    That it has no comment takes none away.
    """
    if before is None:
        return mark.check != EXTRA or bool(mark.points)
    return before.points != mark.points or mark.comment not in ("", before.comment)


def _take_back(record: Record, whose: tuple[str, str, str, str]) -> None:
    """Take back all that came from nbgrader, and counts, for a text; what others gave before counts again."""
    while (mark := marks(record.acts()).get(whose)) is not None and mark.by == BY:
        record.act(MARK, "taken out of nbgrader's gradebook", _details(replace(mark, points=None)))


def _details(mark: Mark) -> dict[str, object]:
    details: dict[str, object] = msgspec.to_builtins(mark)
    details.pop("at")
    return details


def _entry(record: Record, place: Place, content: str) -> Entry | None:
    """What came of the notebook that nbgrader graded."""
    found = [each for each in record.tried([place[0]]) if (each.assignment, each.exercise) == place[1:]]
    numbers = [each.result_id for each in found if each.content == content]
    return next(record.results(numbers[-1:]), None)


def _is_same(each: Marked, counts: Entry, entry: Entry) -> bool:
    """Whether what a person looked at is in the answer that counts."""
    texts = [[answer.whose for answer in answers(each.student, one.judged)] for one in (counts, entry)]
    return (each.written is None or texts[0] == texts[1]) and (
        (each.overall is None and not each.extra) or counts.program == entry.program
    )
