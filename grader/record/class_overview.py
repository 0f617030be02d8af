"""What an instructor looks at after a run, out of a record alone: nothing is run, compiled or read from elsewhere."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from grader.grading.keys import Keys
from grader.record.rows import NOT_JUDGED, NOTHING_FOUND
from grader.record.stored import lines_of, source_of
from grader.record.term import Term
from grader.record.writing import reports_on
from grader.reports.class_results import Trouble
from grader.reports.overview import Example, Late, overview

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from grader.course.model import Course, Exercise
    from grader.record.record import Record
    from grader.record.term import Standing
    from grader.reports.groups import Group
    from grader.reports.overview import Overview

__all__ = ["class_overview"]

_EXAMPLES = 40
"""Of so many groups, the biggest, a program is shown."""


def class_overview(record: Record, whole: Course, course: Course) -> Overview:
    """A course, or the part `course` of it, as the record has it by now."""
    wanted = {assignment.id for assignment in course.assignments}
    term = Term(record, whole)
    last = record.last_run()
    students = (
        (reports_on(term.entries_of([(standing, wanted)]), whole), _late(standing, wanted), _ungraded(standing, wanted))
        for standing in term.standings(now=datetime.now(UTC))
    )
    return overview(
        course, students, troubles=_passed_over(record, course),
        days=_days(record, wanted), examples=lambda groups: _examples(record, whole, groups[:_EXAMPLES]),
        as_of=last.at if last else "",
    )  # fmt: skip


def _passed_over(record: Record, course: Course) -> Iterator[Trouble]:
    """Whose last run came to nothing, so that an earlier result counts: it could not be judged, or nothing was found."""
    found = record.passed_over()
    ids = {exercise.id for exercise in course.exercises()}
    unjudged = [each for each in found if each.rank == NOT_JUDGED and each.exercise in ids]
    for entry in record.results([each.result_id for each in unjudged]):
        why = entry.result.fault.partition("\n")[0]
        yield Trouble("the newest could not be judged, an earlier result counts", entry.exercise, why, entry.student)
    missing = Counter(each.student for each in found if each.rank == NOTHING_FOUND)
    if not missing:
        return
    counting = Counter(student for (student, _, _), known in record.identities().items() if known.rank > NOTHING_FOUND)
    for student, count in missing.items():
        if count == counting[student]:
            yield Trouble(
                "not among the submissions any more", "all", "earlier results stay, and are in the numbers", student
            )


def _ungraded(standing: Standing, wanted: Collection[str]) -> Iterator[Trouble]:
    """The assignments of which a student was not graded for all that others were."""
    for mark in standing.sum.marks:
        if mark.part.name in wanted and mark.ungraded:
            why = "others were: `grader grade SUBMITTED`"
            yield Trouble("not graded yet", mark.part.name, why, standing.student)


def _late(standing: Standing, wanted: Iterable[str]) -> Iterator[Late]:
    """The assignments of which something came late, by whoever's word: a time that is trusted, Canvas's flag, else any time."""
    for mark in standing.sum.marks:
        counted = [each for each in mark.counted.values() if each is not None]
        if mark.part.name not in wanted or mark.due is None or not counted:
            continue
        last = max(counted, key=lambda each: each.attempt.at)
        over = last.attempt.at - mark.due
        about = standing.student, mark.part.name, _minute(mark.due)
        penalty = sum(each.penalty or 0.0 for each in counted)
        if not last.late and any(each.attempt.flagged for each in counted):
            yield Late(*about, "", None, known=True, penalty=penalty)
        elif last.late or (last.late is None and over > timedelta(minutes=mark.part.late.grace_minutes)):
            yield Late(*about, _minute(last.attempt.at), over, known=last.late is not None, penalty=penalty)


def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def _days(record: Record, wanted: Collection[str]) -> dict[str, Counter[str]]:
    """How many answers to each assignment came on each day; what has no time that is one is left out."""
    found: dict[str, Counter[str]] = {}
    for assignment, day, count in record.handed_in():
        if assignment in wanted and _is_day(day):
            found.setdefault(day, Counter())[assignment] += count
    return found


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _examples(record: Record, course: Course, groups: Iterable[Group]) -> dict[str, Example]:
    """A program of each group of which one is in the record."""
    keys = Keys(course, store=record)
    found = ((group.group, _example(record, keys, course.exercise(group.exercise), group)) for group in groups)
    return {name: example for name, example in found if example is not None}


def _example(record: Record, keys: Keys, exercise: Exercise, group: Group) -> Example | None:
    for student in group.students:
        entry = record.entry(student, exercise.assignment, exercise.id)
        if entry is not None and (source := source_of(record, entry)) is not None:
            key = keys.kept(exercise, entry.provenance.key)
            functions = key.functions if key else (exercise.id,)
            return Example(student, f"{entry.assignment}/{entry.name}", tuple(lines_of(source, functions)))
    return None
