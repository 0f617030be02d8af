"""Write what people look at from a record: a folder of reports, pages and grades, as far as it is not there yet."""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

from grader.grading.provenance import exact_version
from grader.record.rows import Newest
from grader.reports.report import Report
from grader.reports.store import Stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.course.model import Course
    from grader.record.record import Record
    from grader.record.rows import Entry
    from grader.reports.grades_csv import GradeRow
    from grader.reports.store import Results

__all__ = ["Writer", "grades", "reports"]


class Writer:
    """Brings a folder up to the state of a record, whose lock the caller holds."""

    def __init__(self, record: Record, course: Course, results: Results) -> None:
        """Look at what is there already."""
        self._record, self._course, self._results = record, course, results
        order = "\n".join(f"{each.assignment}/{each.id}" for each in course.exercises())
        self._about = {
            "record": record.name, "course": hashlib.sha256(order.encode()).hexdigest(), "grader": exact_version(),
        }  # fmt: skip
        self._written: dict[tuple[str, str], set[tuple[int, bool]]] = {}
        """What this run has written: the numbers of the results, and whether they still waited for a search."""

    def write(self, changed: Iterable[tuple[str, str]]) -> None:
        """Write the reports on these students and assignments. Raises OSError."""
        for place in changed:
            entries = list(self._record.entries(*place))
            for report in _reports(entries, self._course):
                self._results.write(report)
            self._written[place] = {(each.result_id, each.waits) for each in entries}

    def finish(self) -> None:
        """Write what is not there yet, grades.csv, and how far that is. Raises OSError."""
        newest = self._record.newest()
        before, now = self._results.stamp(), Stamp(**self._about, result=newest.result, edit=newest.edit)
        everything = self._record.reports()
        if before is None or _place(before) != _place(now):
            due = everything
        else:
            due = {place for place in everything if not self._results.has(*place)}
            if before != now:
                due |= self._record.changed_since(Newest(before.result, before.edit))
        if self._written:
            there: dict[tuple[str, str], set[tuple[int, bool]]] = defaultdict(set)
            for (student, assignment, _), each in self._record.identities().items():
                there[student, assignment].add((each.result_id, each.waits))
            due = {place for place in due if self._written.get(place) != there[place]}
        self.write(sorted(due))
        if before != now or not self._results.grades.is_file():
            self._results.write_grades(grades(self._record, self._course))
            self._results.write_stamp(now)


def _place(stamp: Stamp) -> tuple[str, str, str]:
    return stamp.record, stamp.course, stamp.grader


def reports(record: Record, course: Course) -> Iterator[Report]:
    """The reports on the current results, by student and assignment."""
    return _reports(record.entries(), course)


def _reports(entries: Iterable[Entry], course: Course) -> Iterator[Report]:
    """Exercises in the course's order, and after them those that it has no longer."""
    order = {exercise.id: index for index, exercise in enumerate(course.exercises())}
    for (whose, which), group in itertools.groupby(entries, key=lambda entry: (entry.student, entry.assignment)):
        ordered = sorted(group, key=lambda entry: order.get(entry.exercise, len(order)))
        yield Report.of(whose, which, (each.report() for each in ordered))


def grades(record: Record, course: Course) -> list[GradeRow]:
    """The lines of grades.csv: of the course's exercises, by student, then in course order."""
    order = {(exercise.assignment, exercise.id): index for index, exercise in enumerate(course.exercises())}
    known = [row for row in record.grades() if (row.assignment, row.exercise) in order]
    return sorted(known, key=lambda row: (row.student, order[row.assignment, row.exercise]))
