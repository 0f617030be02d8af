"""Canvas's gradebook as CSV: into the file that Canvas exported, or anew. Pure.

Canvas takes a row by its ID, else its SIS User ID, else its SIS Login ID, and a column by the number behind its title. It leaves
what it finds unchanged, and an empty cell is no grade; EX excuses.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.names import shown
from grader.reports.export.exported import Exported
from grader.reports.export.people import Person, Row, folded, matched, plain_id, unplaced
from grader.reports.export.totals import number, totals
from grader.reports.grades_csv import inert
from grader.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.course.model import Assignment, Course
    from grader.reports.export.sheet import Sheet
    from grader.reports.export.totals import Total
    from grader.reports.report import Report

__all__ = ["canvas", "canvas_anew"]

_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_POSSIBLE = "    Points Possible"
_IDS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
_WITH_NUMBER = re.compile(r"(?P<title>.*\S)\s+\((?P<number>\d+)\)", re.DOTALL)
_EXCUSED = "EX"
_NOT_ASSIGNED = "N/A"
_NAMED = 20
"""How many columns or students a message names."""


def canvas_anew(
    course: Course, reports: Iterable[Report], people: Mapping[str, Person], columns: Mapping[str, str]
) -> Exported:
    """A gradebook of the students that there are results of; `columns` are Canvas's numbers or headings, by assignment.

    Raises UsageError as `totals` does.
    """
    found = totals(course, reports)
    assignments = [assignment for assignment in course.assignments if assignment.id in found]
    possible = [number(_possible_of(found[each.id])) for each in assignments]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*_COLUMNS, *(_heading(each, columns.get(each.id, "")) for each in assignments)])
    writer.writerow([_POSSIBLE, *[""] * (len(_COLUMNS) - 1), *possible])
    for student in sorted({student for each in found.values() for student in each}):
        person = people.get(student, Person())
        known = [inert(student), person.number, plain_id(person.user), plain_id(person.login or student), ""]
        writer.writerow([*known, *(_cell(each, found[each.id].get(student)) for each in assignments)])
    return Exported(text.getvalue().encode(), tuple(_unjudged(found)))


def _heading(assignment: Assignment, column: str) -> str:
    """What Canvas knows the assignment by: with a number its own column, without one a new one."""
    return f"{inert(assignment.title)} ({column})" if column.isdigit() else inert(column or assignment.title)


def canvas(  # noqa: PLR0913
    course: Course, reports: Iterable[Report], sheet: Sheet, people: Mapping[str, Person], columns: Mapping[str, str],
    *, scale: bool = False,
) -> Exported:  # fmt: skip
    """Canvas's own file with the scores in it; all else stays as it is.

    `columns` are headings, or the numbers in them, by assignment, where titles differ. With `scale` points are counted in
    those of Canvas's assignment where these are others. Raises UsageError for a file that is none of Canvas's, for columns and
    rows that cannot be told apart, and as `totals` does.
    """
    _require_gradebook(sheet)
    found = totals(course, reports)
    column_of = _columns(course, found, sheet, columns)
    first, possible = _possible(sheet)
    factors = {
        assignment: _factor(sheet, possible[column], _possible_of(found[assignment]), assignment, scale=scale)
        for assignment, column in column_of.items()
    }
    students = {student for assignment in column_of for student in found[assignment]}
    rows = [list(row) for row in sheet.rows]
    owners = matched(_students(sheet, first), students, people, sheet.name)
    for place, student in owners.items():
        row = rows[place - 1]
        for assignment, column in column_of.items():
            cell = _cell(course.assignment(assignment), found[assignment].get(student), factors[assignment])
            if cell and row[column] != _NOT_ASSIGNED:
                row[column] = cell
    absent = [
        f"{each} is not in {sheet.name}: it has no column of that title" for each in found if each not in column_of
    ]
    return Exported(
        sheet.with_rows(rows).encoded(),
        (*absent, *_unjudged({each: found[each] for each in column_of})),
        unplaced(sorted(students), set(owners.values()), sheet.name),
    )


def _require_gradebook(sheet: Sheet) -> None:
    """Raises UsageError where a file is not Canvas's gradebook."""
    student = "Student" in sheet.headings or "LastName" in sheet.headings
    if not student or not set(_IDS) & set(sheet.headings) or "Section" not in sheet.headings:
        raise UsageError(
            f"{sheet.name} is not Canvas's gradebook: its first row has no Student, ID and Section, but "
            f"{_listed(sheet.headings)}; export it in Canvas with Gradebook, Export"
        )


def _possible_of(found: Mapping[str, Total]) -> float:
    """The points of an assignment, which are everybody's."""
    return next(iter(found.values())).possible


def _possible(sheet: Sheet) -> tuple[int, Sequence[str]]:
    """The first row of a student's, and the row of the points. Raises UsageError where there is none."""
    for index, row in enumerate(sheet.rows[:4]):
        if "Points Possible" in row[0]:
            return index + 1, row
    raise UsageError(
        f"{sheet.name} has no row `Points Possible`, which Canvas writes above the students; export it again"
    )


def _students(sheet: Sheet, first: int) -> Iterator[Row]:
    """What each row below that of the points says of whose it is."""
    for place, row in enumerate(sheet.rows[first:], start=first + 1):
        cells = dict(zip(sheet.headings, row, strict=True))
        name = cells.get("Student") or f"{cells.get('LastName', '')}, {cells.get('FirstName', '')}"
        yield Row(place, (*(cells.get(heading, "") for heading in _IDS), name), name)


def _columns(course: Course, found: Mapping[str, object], sheet: Sheet, columns: Mapping[str, str]) -> dict[str, int]:
    """The column of each assignment that there are results of and that has one. Raises UsageError where that is unclear."""
    begins = sheet.headings.index("Section") + 1
    headings = {index: heading for index, heading in enumerate(sheet.headings) if index >= begins}
    placed: dict[str, int] = {}
    for assignment in (each for each in course.assignments if each.id in found):
        asked = columns.get(assignment.id, "")
        wanted = {folded(asked)} if asked else {folded(assignment.title), folded(assignment.id)}
        fitting = [index for index, heading in headings.items() if wanted & set(_names(heading))]
        if len(fitting) > 1:
            raise UsageError(
                f"{sheet.name} has {len(fitting)} columns for {assignment.id}: {_listed([headings[each] for each in fitting])}; "
                f"say which with --column {assignment.id}=NUMBER, the number in its heading"
            )
        if asked and not fitting:
            raise UsageError(f"{sheet.name} has no column {asked!r}; it has {_listed(list(headings.values()))}")
        placed |= {assignment.id: fitting[0]} if fitting else {}
    if not placed:
        name = next(iter(found))
        raise UsageError(
            f"{sheet.name} has no column for {' or '.join(found)}; it has {_listed(list(headings.values()))}: say which with "
            f"--column {name}=NUMBER, the number in its heading"
        )
    return placed


def _names(heading: str) -> Iterator[str]:
    """What a column may be called: its heading, its title, its number."""
    yield folded(heading)
    if found := _WITH_NUMBER.fullmatch(heading):
        yield folded(found["title"])
        yield found["number"]


def _factor(sheet: Sheet, cell: str, possible: float, assignment: str, *, scale: bool) -> float:
    """What a point of ours is worth there. Raises UsageError where that is not 1 and nobody has asked to count anew."""
    try:
        theirs = float(cell.replace(",", "."))
    except ValueError:
        return 1.0
    if number(theirs) == number(possible) or not possible:
        return 1.0
    if not scale:
        raise UsageError(
            f"{sheet.name} has {number(theirs)} points for {assignment}, and the course {number(possible)}: change them "
            "in Canvas, or give --scale to count ours in those"
        )
    return theirs / possible


def _cell(assignment: Assignment, total: Total | None, factor: float = 1.0) -> str:
    """A student's cell; empty where nothing is known, or not yet."""
    if total is not None and total.excused:
        return _EXCUSED
    if total is None or total.score is None:
        return ""
    return _EXCUSED if assignment.optional and not total.attempted else number(total.score * factor)


def _unjudged(found: Mapping[str, Mapping[str, Total]]) -> Iterator[str]:
    """Who has no grade yet for what."""
    students = {student for each in found.values() for student in each}
    for assignment, each in found.items():
        if ungraded := sorted(students - each.keys()):
            yield f"{assignment}: not graded yet, so without a grade here: {_listed(ungraded)}"
        if waiting := sorted(student for student, total in each.items() if total.score is None and not total.excused):
            yield f"{assignment}: not judged in full, so without a grade here: {_listed(waiting)}"


def _listed(words: Sequence[str]) -> str:
    return listed(words, _NAMED, lambda word: repr(shown(word)))
