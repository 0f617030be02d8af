"""Downloads into `submitted/`: all of them are looked through and placed before the first file is written."""

from __future__ import annotations

import hashlib
import itertools
import os
import secrets
import shutil
import tempfile
import unicodedata
from collections import Counter, defaultdict
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.errors import UsageError
from grader.files import write_atomically
from grader.names import shown
from grader.submissions.answers import file_names
from grader.submissions.files import read_file
from grader.submissions.folder import Wanted
from grader.submissions.intake.archives import MAX_FILE, Spool, open_source
from grader.submissions.intake.handin import Context
from grader.submissions.intake.listing import ARCHIVE
from grader.submissions.intake.placing import Placing
from grader.submissions.intake.received import (
    RECORDS,
    Attempt,
    Received,
    Unplaced,
    content_path,
    in_place,
    left_over,
    merged,
    read_received,
    record_path,
)
from grader.submissions.intake.roster import unfit
from grader.submissions.intake.services import recognised
from grader.submissions.submitted_at import last_modified
from grader.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from grader.course.model import Course, Exercise
    from grader.submissions.intake.handin import HandIn
    from grader.submissions.intake.listing import Listing
    from grader.submissions.intake.placing import Placed
    from grader.submissions.intake.received import State
    from grader.submissions.intake.roster import Roster

__all__ = ["Collected", "Row", "collecting"]

MAX_LISTED = 10
"""How many students a notice names."""

_NAMING = ("student", "login", "number", "github", "email")
"""What a folder may be named by."""

_RARE = 10
"""What fewer than one in so many of those in a download answered is not what it was handed in for."""


class Row(msgspec.Struct, frozen=True):
    """One attempt in a download: whose it is, what it is, and where it goes."""

    student: str
    who: str
    """As the service names them."""
    given: str
    place: str
    submitted_at: str
    by: str
    late: bool | None
    service: str
    source: str
    state: State


class _Change(msgspec.Struct, frozen=True):
    """What becomes of one student's assignment."""

    received: Received
    kept: frozenset[str]
    """The hashes of what leaves its place, or never gets there, and is kept."""
    gone: tuple[str, ...]
    """The files that leave the assignment's folder, for a newer attempt has another name."""
    placed: tuple[tuple[str, Attempt], ...]
    """The files that are not in the folder yet, or with another content."""


class Collected(msgspec.Struct, frozen=True):
    """What is in the downloads, and what is to be done; `problems` are hand-ins and files that nothing was made of."""

    rows: tuple[Row, ...]
    problems: tuple[str, ...]
    notices: tuple[str, ...]
    absent: tuple[str, ...]
    """The roster's students of whom there is nothing, here or from before."""
    write: Callable[[], None]
    """Put it into place."""


@contextmanager
def collecting(  # noqa: PLR0913
    sources: Sequence[Path], into: Path, course: Course, roster: Roster | None, *, exercise: str = "",
    functions: Callable[[Exercise], Collection[str]],
) -> Iterator[Collected]:  # fmt: skip
    """Look the downloads through, and plan; what is unpacked for it is gone at the end.

    Raises UsageError where a download cannot be read or trusted, or `into` is no place for it: then nothing is written.
    """
    _require_apart(sources, into)
    with tempfile.TemporaryDirectory(prefix="grader-collect-") as folder, ExitStack() as held:
        spool = Spool(Path(folder), held)
        wanted = Wanted(course, course, functions)
        assignments = frozenset(each.id for each in course.assignments)
        context = Context(wanted.names, assignments, roster, exercise)
        plan = _Plan(into, course, roster, Placing(wanted, spool))
        for source in sources:
            listing = open_source(source, spool)
            parts, doubts = recognised(listing, context)
            plan.problems += [f"{listing.name}: {doubt}" for doubt in doubts]
            for part in parts:
                plan.notices.setdefault(f"{listing.name}: read as {part.service.shown}")
                plan.add(list(part.hand_ins(context)), source.name or source.resolve().name)
                if roster is None and part.service.asks:
                    plan.notices.setdefault(part.service.asks)
            plan.problems += [f"{listing.name}: {left}" for left in _left(listing)]
        yield plan.collected()


def _left(listing: Listing) -> Iterator[str]:
    """The files of a download that are not taken, and why; of many in one archive, for one reason, the first are named.

    A student's archive may hold thousands, and nobody would find below them what the others have.
    """
    by_reason: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in listing.entries:
        if entry.fault:
            by_reason[_archive_of(entry.path), entry.fault].append(entry.path)
    for (archive, fault), paths in by_reason.items():
        for path in paths[:MAX_LISTED]:
            yield f"{shown(path)!r} {fault}"
        if len(paths) > MAX_LISTED:
            yield f"{shown(archive)!r} holds {len(paths) - MAX_LISTED} more, of which each {fault}"


def _archive_of(path: str) -> str:
    """The archive in a download that holds a file; the path itself where none does."""
    parts = path.split("/")
    ends = (end for end, part in enumerate(parts, 1) if ARCHIVE.search(part))
    return "/".join(parts[: next(ends, None)])


def _require_apart(sources: Sequence[Path], into: Path) -> None:
    target = into.resolve()
    for source in sources:
        found = source.resolve()
        if found == target or target.is_relative_to(found) or found.is_relative_to(target):
            raise UsageError(
                f"{source} and {into} lie one in the other; collect into a folder beside the downloads (--into)"
            )


class _Plan:
    """What is to be done, as one download after the other is looked through."""

    def __init__(self, into: Path, course: Course, roster: Roster | None, placing: Placing) -> None:
        self._into, self._course, self._roster, self._placing = into, course, roster, placing
        self._assignments = {assignment.id for assignment in course.assignments}
        self._received: dict[tuple[str, str], Received] = {}
        self._here: dict[tuple[str, str], dict[str, str]] = {}
        self._students: set[str] = set()
        self._folders = {_folded(path.name): path.name for path in into.iterdir()} if into.is_dir() else {}
        self._twice: dict[str, str] = {}
        """The folder that a student has by another name as well."""
        self.rows: list[Row] = []
        self.problems: list[str] = []
        self.notices: dict[str, None] = {}

    def add(self, hand_ins: Sequence[HandIn], source: str) -> None:
        """Add what is in one download."""
        students = [self._student(hand_in) for hand_in in hand_ins]
        named: dict[str, set[str]] = defaultdict(set)
        for hand_in, (student, _) in zip(hand_ins, students, strict=True):
            if student and hand_in.who:
                named[student].add(hand_in.who.alone)
        given: dict[str, list[Placed]] = defaultdict(list)
        for hand_in, (student, doubt) in zip(hand_ins, students, strict=True):
            if student and len(named[student]) > 1:
                several = " and ".join(map(shown, sorted(named[student])[:3]))
                self.problems.append(
                    f"{source}: {shown(hand_in.given)!r} would be {shown(student)}, as others here: {several}; is that one person?"
                )
            elif doubt:
                self.problems.append(f"{source}: {shown(hand_in.given)!r} {doubt}")
                if student and hand_in.files:
                    self._students.add(student)
                    given[student].append(self._placing.leave(hand_in, source))
            else:
                given[student].append(self._place(student, hand_in, source))
        newest = max((file.submitted_at for hand_in in hand_ins for file in hand_in.files), default="")
        self._remember(given, source, newest)

    def _remember(self, given: Mapping[str, Sequence[Placed]], source: str, newest: str) -> None:
        """Remember what was not placed; what names no exercise may answer each that the others in the download do."""
        exercises = {each.id: each for each in self._course.exercises()}
        answered = [{name for each in placed for name in each.exercises} for placed in given.values()]
        counts = Counter(itertools.chain.from_iterable(answered))
        asked = [name for name in exercises if counts[name] * _RARE >= sum(map(bool, answered))]
        for student, placed in given.items():
            here: dict[str, list[Unplaced]] = {assignment: [] for each in placed for assignment, _ in each.attempts}
            for unplaced in (one for each in placed for one in each.unplaced):
                by_assignment: dict[str, list[str]] = defaultdict(list)
                for name in unplaced.exercises or asked:
                    by_assignment[exercises[name].assignment].append(name)
                for assignment, names in by_assignment.items():
                    here.setdefault(assignment, []).append(replace(unplaced, exercises=tuple(names)))
            for assignment, new in here.items():
                known = self._known(student, assignment)
                left = left_over(known.unplaced, new, source, newest)
                self._received[student, assignment] = replace(known, unplaced=left)

    def _student(self, hand_in: HandIn) -> tuple[str, str]:
        """The student who handed it in, empty where that is not known; and why it is not placed, empty where it is."""
        if hand_in.who is None:
            return "", hand_in.doubt or "names nobody"
        student, doubt = self._roster.student(hand_in.who) if self._roster else (hand_in.who.alone, "")
        student = unicodedata.normalize("NFC", student)
        if doubt:
            return "", f"of {shown(hand_in.who.shown)} {doubt}"
        if why := unfit(student):
            return "", f"is of {shown(student)!r}, which {why}"
        if student in self._assignments:
            return "", f"is of {shown(student)!r}, which is the id of an assignment"
        return student, hand_in.doubt

    def _place(self, student: str, hand_in: HandIn, source: str) -> Placed:
        self._students.add(student)
        for name in self._other_names(student, hand_in):
            if (there := self._folders.get(_folded(name))) and there != student:
                self._twice[student] = there
        placed = self._placing.place(student, hand_in, source)
        where = f"{source}: {shown(hand_in.given)!r} of {shown(student)}"
        self.problems += [f"{where}: {each}" for each in placed.problems]
        self.notices.update(dict.fromkeys(f"{where}: {each}" for each in placed.notices))
        by_assignment: dict[str, list[Attempt]] = defaultdict(list)
        for assignment, attempt in placed.attempts:
            by_assignment[assignment].append(attempt)
        for assignment, attempts in by_assignment.items():
            known = self._known(student, assignment)
            merged_attempts, states = merged(known.attempts, attempts)
            self._received[student, assignment] = replace(known, attempts=merged_attempts)
            self.rows += [
                Row(
                    student, hand_in.who.shown if hand_in.who else "", each.given, f"{assignment}/{each.file}", each.submitted_at,
                    each.by, each.late, hand_in.service, source, state,
                )
                for each, state in zip(attempts, states, strict=True)
            ]  # fmt: skip
        return placed

    def _other_names(self, student: str, hand_in: HandIn) -> Iterator[str]:
        """What else a student's folder may be called: by the roster, else by the service."""
        if self._roster:
            yield from (value for kind, value in self._roster.cells[student].items() if kind in _NAMING)
        elif hand_in.who:
            yield from (value for keys in hand_in.who.keys for kind, value in keys if kind in _NAMING)

    def _known(self, student: str, assignment: str) -> Received:
        """What is known so far; what lies in its place and intake does not know of is one of them."""
        if (student, assignment) in self._received:
            return self._received[student, assignment]
        folder = self._into / student / assignment
        for above in (folder.parent, folder):
            if above.is_symlink() or (above.exists() and not above.is_dir()):
                raise UsageError(
                    f"{above} is a link, or no folder: nothing was collected; move it away, or name another --into"
                )
        received = read_received(self._into, student, assignment)
        known = list(received.attempts)
        files: dict[str, list[str]] = defaultdict(list)
        for exercise in self._course.assignment(assignment).exercises:
            for name in file_names(exercise):
                files[name].append(exercise.id)
        here = self._here[student, assignment] = {}
        for name, exercises in files.items():
            path = folder / name
            try:
                status = path.lstat()
                data = read_file(path, MAX_FILE)
            except FileNotFoundError:
                continue
            except OSError:
                raise UsageError(f"{path} is a link, or cannot be read: nothing was collected; move it away") from None
            here[name] = sha256 = hashlib.sha256(data).hexdigest()
            self._placing.contents.setdefault(sha256, path)
            if any(each.sha256 == sha256 and each.may_be(name) for each in known):
                continue
            known += [
                Attempt(
                    exercise=exercise,
                    file=name,
                    sha256=sha256,
                    size=len(data),
                    submitted_at=last_modified(status),
                    by="folder",
                )
                for exercise in exercises
                if len(exercises) == 1 or not any(each.exercise == exercise and each.file != name for each in known)
            ]
        return replace(received, attempts=tuple(known))

    def collected(self) -> Collected:
        """What was found, and what puts it into place."""
        changes = [self._change(student, assignment) for student, assignment in self._received]
        enrolled = self._roster.students if self._roster else ()
        newcomers = [student for student in sorted({*enrolled, *self._students}) if not (self._into / student).exists()]
        absent = tuple(student for student in newcomers if student not in self._students)
        if self._twice:
            named = [f"{shown(student)} as {shown(there)}" for student, there in sorted(self._twice.items())]
            self.notices.setdefault(
                f"has a folder by another name already, and would be two people: {listed(named, MAX_LISTED, str)};"
                " give --roster with the name to keep in a column student, and number and email beside it"
            )

        def write() -> None:
            _write(self._into, [change for change in changes if change], self._placing.contents, newcomers)

        return Collected(tuple(self.rows), tuple(self.problems), tuple(self.notices), absent, write)

    def _change(self, student: str, assignment: str) -> _Change | None:
        """What has to be written of an assignment; None where all is as it should be."""
        after = self._received[student, assignment]
        attempts = after.attempts
        before = read_received(self._into, student, assignment)
        here = self._here[student, assignment]
        wanted = in_place(attempts)
        for attempt in wanted.values():
            kept = content_path(self._into, attempt.sha256)
            if attempt.sha256 not in self._placing.contents and kept.exists():
                self._placing.contents[attempt.sha256] = kept
        placed = tuple(
            (name, attempt) for name, attempt in wanted.items()
            if attempt.sha256 in self._placing.contents and here.get(name) != attempt.sha256
        )  # fmt: skip
        gone = tuple(name for name in here if name not in wanted)
        if after == before and not placed and not gone:
            return None
        current = {id(attempt) for attempt in wanted.values()}
        older = {each.sha256 for each in attempts if id(each) not in current}
        unplaced = {each.sha256 for each in after.unplaced if each.sha256}
        return _Change(after, frozenset(older | unplaced), gone, placed)


def _write(into: Path, changes: Sequence[_Change], contents: dict[str, Path], newcomers: Sequence[str]) -> None:
    """Write everything beside its place first, then move it there; the record comes last, and says what is there."""
    (into / RECORDS).mkdir(parents=True, exist_ok=True)
    beside = into / RECORDS / f"{secrets.token_hex(8)}.tmp"
    beside.mkdir()
    try:
        moves: list[tuple[Path, Path]] = []
        for change in changes:
            received = change.received
            for sha256 in sorted(change.kept):
                target = content_path(into, sha256)
                if sha256 in contents and not target.exists():
                    write_atomically(target, read_file(contents[sha256], MAX_FILE))
            for name, attempt in change.placed:
                temporary = beside / str(len(moves))
                write_atomically(temporary, read_file(contents[attempt.sha256], MAX_FILE), lasting=False)
                _set_time(temporary, attempt.submitted_at)
                moves.append((temporary, into / received.student / received.assignment / name))
        for temporary, target in moves:
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(target)
        for change in changes:
            received = change.received
            for name in change.gone:
                (into / received.student / received.assignment / name).unlink(missing_ok=True)
            write_atomically(record_path(into, received.student, received.assignment), _encoded(received))
        for student in newcomers:
            (into / student).mkdir(parents=True, exist_ok=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _encoded(received: Received) -> bytes:
    return msgspec.json.format(msgspec.json.encode(received), indent=1) + b"\n"


def _set_time(path: Path, submitted_at: str) -> None:
    """Let a file's own time be when it was handed in, as far as that is known."""
    if submitted_at:
        seconds = datetime.fromisoformat(submitted_at).timestamp()
        os.utime(path, (seconds, seconds))
