"""A class list, as a CSV from wherever: which student a service's ids, logins, addresses and names are of.

The columns are known by their headings, in the words of the services; what has another language's heading by what is in it, and by
its place. What two people share decides nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError
from grader.names import breaks_lines, shown
from grader.submissions.misplaced import squeezed, words
from grader.tables import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.submissions.intake.handin import Key, Who

__all__ = ["Roster", "name_key", "read_roster", "unfit"]

MAX_ROWS = 50_000
MAX_NAME = 120

_HEADINGS = {
    "student": "student studentkey folder",
    "login": "login loginid sisloginid username user netid uid benutzername anmeldename kennung identifiant nombredeusuario",
    "number": "number sid studentid studentnumber sisuserid sisid idnumber orgdefinedid matriculationnumber matrikelnummer matrnr numerodidentification numerodeid",
    "canvas": "canvasid canvasuserid lmsuserid",
    "github": "githubusername github githublogin githubuser",
    "email": "email emailaddress mail emailadresse emailadress adressedecourriel courriel correoelectronico direcciondecorreo",
    "name": "name fullname studentname displayname sortablename vollstandigername nomcomplet nombrecompleto",
    "first": "firstname givenname vorname prenom nombre",
    "last": "lastname surname familyname nachname nom apellidos apellido",
    "role": "role roles rolle rollen rol",
    "id": "id",
    "participant": "identifier",
}  # fmt: skip
_ROLES = {heading: role for role, headings in _HEADINGS.items() for heading in headings.split()}

_NAMED_BY = ("student", "login", "number", "github", "email", "id", "canvas", "name")
"""Which column names the student, the first that has something."""

_STUDENTS = {"", "student", "students", "studentin", "etudiant", "estudiante"}
_PARTICIPANT = re.compile(r"(\D+?) ?([0-9]+)")
_SHORTEST_WORD = 4
_NOBODY = {"points possible", "student, test"}
"""What Canvas's gradebook has in place of a name in lines that are nobody's."""


class Roster(msgspec.Struct, frozen=True):
    """Who is in the class, and what they are known by."""

    cells: Mapping[str, Mapping[str, str]]
    """What the line of each student says, by the kinds of its columns."""
    known: Mapping[Key, frozenset[str]]
    kinds: frozenset[str]

    @property
    def students(self) -> tuple[str, ...]:
        """Their names here, sorted."""
        return tuple(sorted(self.cells))

    def has(self, kind: str) -> bool:
        """Whether there is a column of that kind."""
        return kind in self.kinds

    def knows(self, key: Key) -> bool:
        """Whether anybody is known by that."""
        return key in self.known

    def student(self, who: Who) -> tuple[str, str]:
        """The one student that somebody is; or none, and why."""
        for keys in who.keys:
            found = [self.known[key] for key in keys if key in self.known]
            if not found:
                continue
            agreed = frozenset.intersection(*found)
            if len(agreed) == 1:
                return next(iter(agreed)), ""
            several = sorted(frozenset().union(*found))
            return "", f"may be {' or '.join(map(shown, several[:3]))}: the roster does not tell them apart"
        return "", "is not in the roster"


def name_key(name: str) -> str:
    """A name as it is compared: its words, in whatever order and case, without what stands between them."""
    return " ".join(sorted(words(name)))


def unfit(student: str) -> str:
    """Why a name cannot be that of a student's folder; empty where it can."""
    if not student or len(student) > MAX_NAME or len(student.encode(errors="replace")) > 2 * MAX_NAME:
        return "is empty, or too long for a folder"
    if (
        student.startswith(".")
        or "/" in student
        or "\\" in student
        or student == "__MACOSX"
        or student != student.strip()
    ):
        return "cannot be the name of a folder"
    if breaks_lines(student):
        return "has characters that no name of a folder should have"
    return ""


def read_roster(data: bytes, name: str) -> Roster:
    """The roster in a CSV file; `name` is for messages. Raises UsageError for one that says nothing, or two things at once."""
    lines = _rows(data, name)
    heading, rows = lines[0][1], lines[1:]
    columns = _columns(heading, [row for _, row in rows])
    rows = _unmarked(rows, columns)
    if not {"student", "login", "number", "github", "email", "id", "canvas", "name", "last"} & set(columns.values()):
        listed = ", ".join(map(repr, heading[:8]))
        raise UsageError(
            f"{name}: no column says who a student is (its headings are {listed}); call one student, login, email, number or name"
        )
    known: dict[Key, set[str]] = defaultdict(set)
    people: dict[str, dict[str, str]] = {}
    seen: dict[str, tuple[int, list[str]]] = {}
    for line, row in rows:
        cells = _cells(columns, row)
        student = unicodedata.normalize("NFC", next((cells[role] for role in _NAMED_BY if cells.get(role)), ""))
        if (
            not student
            or cells.get("role", "").casefold() not in _STUDENTS
            or cells.get("name", "").casefold() in _NOBODY
        ):
            continue
        if why := unfit(student):
            raise UsageError(f"{name}, line {line}: {shown(student)[:80]!r} {why}; correct it there")
        if student in seen and seen[student][1] != row:
            raise UsageError(
                f"{name}: lines {seen[student][0]} and {line} are both of {shown(student)!r}, and differ; keep one of them"
            )
        seen.setdefault(student, (line, row))
        people[student] = cells
        for key in _keys(student, cells):
            known[key].add(student)
    if not seen:
        raise UsageError(f"{name} has no student in it")
    found = {key: frozenset(students) for key, students in known.items()}
    return Roster(people, found, frozenset(columns.values()))


def _rows(data: bytes, name: str) -> list[tuple[int, list[str]]]:
    """The lines of the file, numbered."""
    rows = [(line, [cell.strip() for cell in row]) for line, row in lines_of(data, name)]
    if not rows:
        raise UsageError(f"{name} is empty; a roster has a line of headings and one for each student")
    if len(rows) > MAX_ROWS:
        raise UsageError(f"{name} has more than {MAX_ROWS} lines; is it a roster?")
    return rows


def _columns(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """What each column is: by its heading, else by what is in it, else by its place."""
    plain = [_plain(text) for text in heading]
    found = {at: _ROLES[text] for at, text in enumerate(plain) if text in _ROLES}
    of_canvas = "id" in plain and bool({"sisuserid", "sisloginid", "section"} & set(plain))
    for at, text in enumerate(plain):
        if of_canvas and text in {"student", "id"}:
            found[at] = "name" if text == "student" else "canvas"
    for at in range(len(heading)):
        values = [row[at] for row in rows if at < len(row) and row[at]]
        if at not in found and values and all("@" in value for value in values):
            found[at] = "email"
        if at == 0 and found.get(at, "id") in {"id", "login", "participant"} and _are_participants(values):
            found[at] = "participant"
        elif found.get(at) == "participant":
            found[at] = "id"  # GitHub Classroom calls so what the teacher typed
    # Moodle's worksheet in any language: the participant, and the full name behind it.
    if found.get(0) == "participant" and 1 not in found and len(heading) > 1 and "name" not in found.values():
        found[1] = "name"
    return found


def _unmarked(rows: Sequence[tuple[int, list[str]]], columns: Mapping[int, str]) -> list[tuple[int, list[str]]]:
    """The rows without the `#` that Brightspace's gradebook has before each id, so that no spreadsheet makes it a number."""
    of_ids = [at for at, role in columns.items() if role in {"login", "number"}]
    marked = [at for at in of_ids if all(row[at].startswith("#") for _, row in rows if at < len(row) and row[at])]
    return [(line, [cell[1:] if at in marked else cell for at, cell in enumerate(row)]) for line, row in rows]


def _are_participants(values: Sequence[str]) -> bool:
    """Whether all are a word and a number, as Moodle names participants in any language, and not as logins look."""
    matches = [_PARTICIPANT.fullmatch(value) for value in values]
    words = {match[1] if match else "" for match in matches}
    word = words.pop() if len(words) == 1 else ""
    return not word.isascii() or (len(word) >= _SHORTEST_WORD and not word.islower())


def _plain(heading: str) -> str:
    split = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(letter for letter in split if letter.isalnum())


def _cells(columns: Mapping[int, str], row: Sequence[str]) -> dict[str, str]:
    """What a row says, by the kinds of its columns; of two columns of a kind the first that says something."""
    found: dict[str, str] = {}
    for at, role in columns.items():
        if at < len(row) and row[at]:
            found.setdefault(role, row[at])
    if "name" not in found and ("first" in found or "last" in found):
        found["name"] = f"{found.get('first', '')} {found.get('last', '')}".strip()
    return found


def _keys(student: str, cells: Mapping[str, str]) -> Iterator[Key]:
    """All that a row's student may be called by a service; a name in the roster's own column may be an earlier id or address."""
    yield "student", student
    if "student" in cells:
        yield from (
            ("number", student),
            ("login", student),
            ("email", student.casefold()),
            ("github", student.casefold()),
        )
    for kind in ("login", "number", "canvas", "id"):
        if kind in cells:
            yield kind, unicodedata.normalize("NFC", cells[kind])
    if "id" in cells:
        # Which service's it is nobody says.
        yield from (("number", cells["id"]), ("canvas", cells["id"]), ("login", cells["id"]))
    if "email" in cells:
        yield "email", cells["email"].casefold()
    if "github" in cells:
        yield "github", cells["github"].casefold()
    if "participant" in cells and (match := _PARTICIPANT.fullmatch(cells["participant"])):
        yield "participant", match[2]
    if "name" in cells:
        yield "name", name_key(cells["name"])
        yield from (("squeezed", squeezed(name)) for name in _sorted_names(cells))


def _sorted_names(cells: Mapping[str, str]) -> Iterable[str]:
    """The forms in which Canvas may sort by a name: as it is, and from each of its words on."""
    words = cells["name"].split()
    names = {" ".join(words[at:] + words[:at]) for at in range(len(words))}
    if "last" in cells:
        names |= {f"{cells['last']} {cells.get('first', '')}"}
    return sorted(names)
