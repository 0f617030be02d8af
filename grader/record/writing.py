"""Write what people look at from a record: a folder of reports, pages and grades, as far as it is not there yet."""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from grader.grading.provenance import exact_version
from grader.record.decisions import concerned
from grader.record.pages import Pages
from grader.record.rows import Newest, state_of
from grader.record.term import Term
from grader.reports.export.plain_csv import in_course_order
from grader.reports.report import Report
from grader.reports.store import Stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.course.model import Course
    from grader.record.record import Record
    from grader.record.rows import Entry
    from grader.reports.about import About
    from grader.reports.grades_csv import GradeRow
    from grader.reports.report import Worth
    from grader.reports.store import Results
    from grader.reports.visible import Moment

__all__ = ["Writer", "abouts", "grades", "reports", "reports_on"]

_Whose = tuple[str, str]
"""A student and an assignment."""


class Writer:
    """Brings a folder up to the state of a record, whose lock the caller holds."""

    def __init__(self, record: Record, course: Course, results: Results, now: datetime | None = None) -> None:
        """Look at what is there already; pages are made as of `now`, which is in UTC."""
        self._record, self._course, self._results = record, course, results
        self._term, self._pages = Term(record, course), Pages(record, course)
        self._now = now or datetime.now(UTC)
        moments = {each.id: self._moment(each.id) for each in course.assignments}
        order = "\n".join(f"{each.assignment}/{each.id}" for each in course.exercises())
        self._about: dict[str, Any] = {
            "record": record.name, "course": hashlib.sha256(f"{order}\n{self._pages.state}".encode()).hexdigest(), "grader": exact_version(),
            "rules": _rules(course, self._term),
            "shown": {name: (each.over, each.published) for name, each in moments.items()},
        }  # fmt: skip
        self._written: dict[_Whose, int] = {}
        """The state of each report that this run has written."""

    def write(self, changed: Iterable[_Whose]) -> None:
        """Write the reports on these students and assignments. Raises OSError."""
        of: dict[str, set[str]] = defaultdict(set)
        for student, assignment in changed:
            of[student].add(assignment)
        standings = self._term.standings(of) if of else ()
        entries = self._term.entries_of((standing, of[standing.student]) for standing in standings)
        for report, answers in _reports(entries, self._course):
            self._results.write(report, self._moment(report.assignment), self._pages.about(answers))
            state = state_of((entry.result_id, entry.waits) for entry in answers)
            self._written[report.student, report.assignment] = state

    def write_pages(self) -> int:
        """Write every page again; how many there are. Raises OSError."""
        count = 0
        for report, answers in _reports(self._term.entries(), self._course):
            self._results.write_page(report, self._moment(report.assignment), self._pages.about(answers))
            count += 1
        if before := self._results.stamp():
            self._results.write_stamp(msgspec.structs.replace(before, shown=self._about["shown"]))
        return count

    def finish(self) -> None:
        """Write what is not there yet, grades.csv, and how far that is. Raises OSError."""
        newest = self._record.newest()
        before, now = self._results.stamp(), Stamp(**self._about, **msgspec.structs.asdict(newest))
        due = self._due(before, now)
        if self._written and due:
            there = self._record.states()
            due = {place for place in due if self._written.get(place) != there.get(place)}
        self.write(due)
        if before != now or not self._results.grades.is_file():
            self._results.write_grades(in_course_order(self._course, self._term.rows()))
            self._record.settle()  # else a power cut could leave a folder of results that the record has not
            self._results.write_stamp(now)

    def _due(self, before: Stamp | None, now: Stamp) -> set[_Whose]:
        """What is to be written, as far as this run has not just done so."""
        everything = self._record.reports()
        if before is None or _place(before) != _place(now):
            return everything
        due = {place for place in everything if not self._results.has(*place)}
        if before == now:
            return due
        due |= self._record.changed_since(Newest(before.result, before.edit, before.act))
        names = concerned(act for act in self._record.acts() if act.id > before.act)
        decided = names | {each.assignment for each in self._course.exercises() if each.id in names}
        decided |= {name for name, shown in now.shown.items() if before.shown.get(name) != shown}
        due |= {place for place in everything if place[1] in decided}
        return self._with_others(due, everything)

    def _with_others(self, due: set[_Whose], everything: set[_Whose]) -> set[_Whose]:
        """What else depends on it: a team's other pages, and with late days of the term a student's other assignments."""
        teams = self._term.teams
        if self._course.rules.budget_days:
            students = {student for student, _ in due}
            due = due | {place for place in everything if place[0] in students}
        shared = {(teams[student], assignment) for student, assignment in due if student in teams}
        return due | {place for place in everything if (teams.get(place[0]), place[1]) in shared}

    def _moment(self, assignment: str) -> Moment:
        return self._term.moment(assignment, self._now)


def _place(stamp: Stamp) -> tuple[str, str, str, str]:
    return stamp.record, stamp.course, stamp.grader, stamp.rules


def _rules(course: Course, term: Term) -> str:
    """A hash of all that course.yml and teams.csv say of how attempts are counted."""
    parts = [course.part(each, {}) for each in course.assignments]
    said = (course.rules, course.timestamps, parts, [each.team for each in course.assignments], term.teams)
    return hashlib.sha256(msgspec.msgpack.encode(said)).hexdigest()


def reports(record: Record, course: Course) -> Iterator[Report]:
    """The reports on what counts, by student and assignment."""
    return reports_on(Term(record, course).entries(), course)


def reports_on(entries: Iterable[tuple[Entry, Worth]], course: Course) -> Iterator[Report]:
    """The reports on these answers, which come by student and assignment."""
    return (report for report, _ in _reports(entries, course))


def abouts(record: Record, course: Course) -> Iterator[tuple[_Whose, About]]:
    """What the page on each of them tells beside it."""
    pages = Pages(record, course)
    for report, answers in _reports(Term(record, course).entries(), course):
        yield (report.student, report.assignment), pages.about(answers)


def _reports(entries: Iterable[tuple[Entry, Worth]], course: Course) -> Iterator[tuple[Report, list[Entry]]]:
    """Each report with the answers that it is about. Exercises in the course's order, and after them those that it has no longer."""
    order = {exercise.id: index for index, exercise in enumerate(course.exercises())}
    for (whose, which), group in itertools.groupby(entries, key=lambda found: (found[0].student, found[0].assignment)):
        ordered = sorted(group, key=lambda found: order.get(found[0].exercise, len(order)))
        report = Report.of(whose, which, (entry.report(worth) for entry, worth in ordered))
        yield report, [entry for entry, _ in ordered]


def grades(record: Record, course: Course) -> list[GradeRow]:
    """The lines of grades.csv: of the course's exercises, by student, then in course order."""
    return in_course_order(course, Term(record, course).rows())
