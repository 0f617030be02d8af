"""Which row of a service's file is which student: by what the service calls them, exactly or not at all. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, TypeVar

import msgspec

from grader.errors import UsageError
from grader.names import shown
from grader.reports.grades_csv import inert

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping

__all__ = ["Person", "Row", "folded", "matched", "plain_id", "unplaced"]

_Key = TypeVar("_Key", bound="Hashable")

_ID = re.compile(r"[\w.@+-]*")
"""What services give as ids; no spreadsheet makes more than a number of it."""


class Person(msgspec.Struct, frozen=True):
    """What services call a student, as far as a roster says it."""

    number: str = ""
    """The number that Canvas gave."""
    user: str = ""
    """The one that the university did."""
    login: str = ""
    ids: frozenset[str] = frozenset()
    """What else a service may name the student by, e-mail addresses among it."""
    names: frozenset[str] = frozenset()

    def keys(self, student: str) -> frozenset[str]:
        """What a row of this student's may hold, names apart."""
        return frozenset(map(folded, (student, self.number, self.user, self.login, *self.ids))) - {""}


def folded(text: str) -> str:
    """An id, a login or a title as it is compared: services write capitals, accents and spaces in more than one way."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _name_key(name: str) -> str:
    """A name as it is compared: its words in whatever order, for some services begin with the last."""
    return " ".join(sorted(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name).casefold())))


def plain_id(text: str) -> str:
    """An id as it came, which is what a service looks for; inert where it is nothing that a service gives."""
    return text if _ID.fullmatch(text) else inert(text)


def squeezed(text: str) -> str:
    """A name without all that is no letter or digit, as services write it into the names of files."""
    return "".join(letter for letter in folded(text) if letter.isalnum())


class Row(msgspec.Struct, frozen=True):
    """What a row of a service's file says of whose it is."""

    number: int
    """Its place, counted from the heading, which is 1."""
    ids: tuple[str, ...]
    """The first is the service's own, which no other row has."""
    name: str = ""


def matched(rows: Iterable[Row], students: Collection[str], people: Mapping[str, Person], file: str) -> dict[int, str]:
    """Whose each row is, by its number, as far as it is one of the students.

    A row is a student's whose id, login or e-mail is one of its ids; else the one whose name it has, where a roster gives that
    name to one student alone; else the one who is called by name and number, as `grader collect` does without a roster. Raises
    UsageError where a row is two students, or a student has two rows; `file` is for messages.
    """
    by_id = _owners((key, student) for student in students for key in people.get(student, Person()).keys(student))
    by_name = _owners(
        (_name_key(name), student) for student in students if student in people for name in people[student].names
    )
    by_both = _owners((_name_and_number(student), student) for student in students)
    found: dict[int, str] = {}
    row_of: dict[str, int] = {}
    first_of: dict[str, int] = {}
    for row in rows:
        if row.ids[0] and first_of.setdefault(row.ids[0], row.number) != row.number:
            raise UsageError(
                f"{file}: rows {first_of[row.ids[0]]} and {row.number} have the same id, {row.ids[0]!r}; remove one of them"
            )
        ids = [folded(each) for each in row.ids if each]
        owners = {owner for each in ids for owner in by_id.get(each, ())}
        if not owners and row.name:
            owners = by_name.get(_name_key(row.name), set())
            owners = owners if len(owners) == 1 else set()
            both = {owner for each in ids for owner in by_both.get((squeezed(row.name), each), ())}
            owners = owners or both
        if len(owners) > 1:
            raise UsageError(
                f"{file}: row {row.number} is {' and '.join(map(shown, sorted(owners)))} by what stands in it; "
                "correct the file or the roster"
            )
        for owner in owners:
            if owner in row_of:
                raise UsageError(
                    f"{file}: rows {row_of[owner]} and {row.number} are both {shown(owner)}; remove one of them"
                )
            row_of[owner] = row.number
            found[row.number] = owner
    return found


def _name_and_number(student: str) -> tuple[str, str]:
    name, _, number = student.rpartition("_")
    return squeezed(name), number


def _owners(pairs: Iterable[tuple[_Key, str]]) -> dict[_Key, set[str]]:
    found: dict[_Key, set[str]] = {}
    for key, student in pairs:
        found.setdefault(key, set()).add(student)
    return found


def unplaced(students: Iterable[str], found: Collection[str], name: str) -> tuple[str, ...]:
    """What to say of students who are not in a service's file."""
    return tuple(
        f"{student} is in no row of {name}: add the row, or say in --roster what the service calls them"
        for student in students
        if student not in found
    )
