"""What nbgrader graded, and what a person gave for it, into the course's record."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from grader.for_nbgrader.gradebook.marked import marks_of
from grader.names import shown
from grader.record.decisions import MARK, marks
from grader.record.rows import Earlier
from grader.record.running import place_of
from grader.reports.marks import EXTRA, answers
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
    """Record what a person gave, each for the text and the program that nbgrader showed."""
    given = marks(record.acts())
    credited = {(student, exercise) for student, exercise, check, _ in given if check == EXTRA}
    new, unmarked = 0, []
    for each in marked:
        place = each.student, assignment, each.exercise
        is_given = each.written is not None or each.overall is not None or each.extra > 0
        if not is_given and (each.student, each.exercise) not in credited:
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
        for mark in marks_of(each, entry.judged, entry.program):
            before = given.get(mark.whose)
            if before is None and mark.check == EXTRA and not mark.points:
                continue
            if before is None or (before.points, before.comment) != (mark.points, mark.comment):
                record.act(MARK, "out of nbgrader's gradebook", _details(mark))
                new += 1
        counts = record.entry(*place)
        if counts and not _is_same(each, counts, entry):
            unmarked.append(f"{who}: what counts is another answer than the one that a person gave points for")
    return Pulled(new, tuple(unmarked))


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
