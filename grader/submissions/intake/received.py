"""What intake knows of the files in `submitted/`: every attempt in order, by whose word it was handed in when, and its content.

It lies in `submitted/.intake/`, beside the students' folders and never in one: what is in those may be a student's. The newest attempt
at an exercise is in its place; the content of an older one is kept under its hash.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from typing import TYPE_CHECKING, Literal

import msgspec

from grader.errors import UsageError
from grader.files import format_of
from grader.submissions.files import read_file
from grader.submissions.intake.listing import without_archive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.submissions.submission import By

__all__ = [
    "RECORDS",
    "Attempt",
    "Received",
    "Unplaced",
    "content_of",
    "content_path",
    "in_place",
    "is_collected",
    "left_over",
    "merged",
    "read_received",
    "received_or_none",
    "record_path",
]

RECORDS = ".intake"
FORMAT = 1
MAX_RECORD = 64 * 2**20

_NUMBER = re.compile(r" ?\([0-9]{1,3}\)$")
"""What browsers put behind the name of a file that they have downloaded before."""

State = Literal["new", "newer", "older", "same"]
"""What an attempt is beside those that were known: the first, a later one, one that came before the newest, or one of them."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One attempt at one exercise."""

    exercise: str
    file: str
    """Its name in the folder of the assignment."""
    sha256: str
    size: int
    submitted_at: str = ""
    by: Literal["service", "student", "download", "folder"]
    """Whose word the time is; `folder` is a file that lay in `submitted/` before intake knew of it."""
    late: bool | None = None
    seen: str = ""
    """The time of the last download in which it was still the newest, where that is not the service's word."""
    service: str = ""
    given: str = ""
    """The file or folder as the service named it."""
    ids: dict[str, str] = {}
    sequence: int = 0
    source: str = ""
    """The name of the download."""
    earlier: tuple[str, ...] = ()
    """When the service says that the student had handed in before; it gives no files of that."""
    note: str = ""
    """What the student should know of why this file was taken, and not another one that came with it."""

    @property
    def word(self) -> By:
        """Whose word the time is, and whether Canvas says that it was late."""
        return "canvas" if self.late and self.by == "download" else self.by

    @property
    def own_notebook(self) -> str:
        """The name of a notebook for this exercise alone."""
        return f"{self.exercise}.ipynb"

    def may_be(self, name: str) -> bool:
        """Whether the attempt may be in its place under that name."""
        return name in {self.file, self.own_notebook}


class Unplaced(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that may be an answer and was not taken: it has no points until one is in its place."""

    file: str
    """Where it lay in what was handed in."""
    exercises: tuple[str, ...]
    """What it may answer."""
    sha256: str = ""
    """The hash under which its content is kept; empty where it could not be read."""
    why: str = ""
    """What is wrong with the file itself, to stand behind its name; empty where it is its name or its place."""
    submitted_at: str = ""
    service: str = ""
    source: str = ""


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """All attempts of one student at one assignment, in the order in which they were handed in, and what none was made of."""

    format_version: int = FORMAT
    student: str
    assignment: str
    attempts: tuple[Attempt, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()

    def attempt_of(self, path: Path) -> Attempt | None:
        """The last attempt with the content of the file that is at `path` now; None where nothing is known of one."""
        named = [attempt for attempt in self.attempts if attempt.may_be(path.name)]
        try:
            if not named or path.lstat().st_size not in {attempt.size for attempt in named}:
                return None
            found = hashlib.sha256(read_file(path, max(attempt.size for attempt in named))).hexdigest()
        except OSError:
            return None
        return next((attempt for attempt in reversed(named) if attempt.sha256 == found), None)


def record_path(submitted: Path, student: str, assignment: str) -> Path:
    """Where the record of a student and an assignment is."""
    return submitted / RECORDS / "students" / student / f"{assignment}.json"


def is_collected(submitted: Path, student: str) -> bool:
    """Whether there may be anything to know of a student."""
    return (submitted / RECORDS / "students" / student).is_dir()


def content_path(submitted: Path, sha256: str) -> Path:
    """Where the content of an older attempt is."""
    return submitted / RECORDS / "contents" / sha256


def content_of(submitted: Path, sha256: str) -> bytes | None:
    """The content of an older attempt; None where it is there no longer."""
    try:
        return read_file(content_path(submitted, sha256), MAX_RECORD)
    except OSError:
        return None


def read_received(submitted: Path, student: str, assignment: str) -> Received:
    """What is known of a student and an assignment. Raises UsageError where it cannot be read."""
    path = record_path(submitted, student, assignment)
    try:
        data = read_file(path, MAX_RECORD)
        format_of(data, path, FORMAT)
        return msgspec.json.decode(data, type=Received)
    except FileNotFoundError:
        return Received(student=student, assignment=assignment)
    except (OSError, msgspec.MsgspecError) as error:
        raise UsageError(f"{path} is no record of intake's ({error}); move it away, and collect again") from None


def received_or_none(submitted: Path, student: str, assignment: str) -> Received | None:
    """The same, for what goes on without."""
    try:
        found = read_received(submitted, student, assignment)
    except UsageError:
        return None
    return found if found.attempts or found.unplaced else None


def merged(known: Sequence[Attempt], new: Sequence[Attempt]) -> tuple[tuple[Attempt, ...], tuple[State, ...]]:
    """Known attempts with new ones at their places among them, and what each of these is.

    By the service's times where both are; else by its numbers; else by the times of the downloads, where one is later; else
    what is collected later was handed in later.
    """
    attempts = list(known)
    states: list[State] = []
    for attempt in new:
        before = [each for each in attempts if each.exercise == attempt.exercise]
        if _is_known(attempt, before):
            states.append("same")
            newest = before[-1]
            if _is_same(newest, attempt) and newest.by == attempt.by and _span(newest)[1] < attempt.submitted_at:
                attempts[attempts.index(newest)] = msgspec.structs.replace(newest, seen=attempt.submitted_at)
            continue
        at = len(attempts)
        later = [
            index for index, each in enumerate(attempts) if _is_related(each, attempt) and _is_earlier(attempt, each)
        ]
        if later:
            at = min(later)
        attempts.insert(at, attempt)
        newest = [each for each in attempts if each.exercise == attempt.exercise][-1]
        states.append("older" if newest is not attempt else "newer" if before else "new")
    return tuple(attempts), tuple(states)


def left_over(known: Sequence[Unplaced], new: Sequence[Unplaced], source: str, newest: str) -> tuple[Unplaced, ...]:
    """What has not been placed once a download of that name has been, whose newest file is of that time.

    What an earlier download of the same name had of the student, and this one has no more, was replaced; not so where this one is the older.
    """
    found = {(each.file, each.sha256): each for each in known if not _is_replaced(each, source, newest)}
    found |= {(each.file, each.sha256): each for each in new}
    return tuple(found.values())


def _is_replaced(unplaced: Unplaced, source: str, newest: str) -> bool:
    """Whether a download is a later one of the same; browsers number those."""
    return _plain(unplaced.source) == _plain(source) and unplaced.submitted_at <= newest


def _plain(source: str) -> str:
    return _NUMBER.sub("", without_archive(source))


def in_place(attempts: Sequence[Attempt]) -> dict[str, Attempt]:
    """The files that belong into the assignment's folder, by their names there: those of the newest attempt at each exercise.

    Where a later notebook of the same name no longer answers an exercise, the earlier one is the exercise's own. What somebody
    put there stays beside what else was put there, until something is collected.
    """
    by_exercise: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_exercise.setdefault(attempt.exercise, []).append(attempt)
    newest = {id(attempt) for each in by_exercise.values() for attempt in _newest(each)}
    wanted = [attempt for attempt in attempts if id(attempt) in newest]
    files = {attempt.file: attempt for attempt in wanted}
    for attempt in wanted:
        if files[attempt.file].sha256 != attempt.sha256 and attempt.file.endswith(".ipynb"):
            files.setdefault(attempt.own_notebook, attempt)
    return files


def _newest(attempts: Sequence[Attempt]) -> Iterator[Attempt]:
    """The last attempt at an exercise; of files that somebody put there all."""
    yield attempts[-1]
    if attempts[-1].by == "folder":
        yield from itertools.takewhile(lambda attempt: attempt.by == "folder", reversed(attempts[:-1]))


def _is_related(one: Attempt, other: Attempt) -> bool:
    return one.exercise == other.exercise or one.file == other.file


def _is_earlier(one: Attempt, other: Attempt) -> bool:
    """Whether it can be known that `one` was handed in before `other`."""
    if one.by == other.by == "service" and one.submitted_at != other.submitted_at:
        return bool(one.submitted_at and other.submitted_at) and one.submitted_at < other.submitted_at
    if one.sequence and other.sequence and one.service == other.service:
        return one.sequence < other.sequence
    if one.by == other.by == "download" or (one.by == "service" and other.by == "folder"):
        return bool(one.submitted_at and other.submitted_at) and one.submitted_at < _span(other)[1]
    return False


def _is_known(attempt: Attempt, before: Sequence[Attempt]) -> bool:
    """Whether an attempt is one of those at the same exercise: by the service's time or number, else by what is in it.

    What was handed in again after something else is another attempt, as far as times show it.
    """
    same = [each for each in before if _is_same(each, attempt)]
    if not same:
        return False
    if attempt.by == "service" or attempt.sequence:
        named = (attempt.submitted_at if attempt.by == "service" else "", attempt.sequence)
        return any((each.submitted_at if each.by == "service" else "", each.sequence) == named for each in same)
    spans = [_span(each) for each in same if each.by == attempt.by]
    # By all that is known, not by the newest alone: what is known once stays so, whatever comes in between.
    latest = max(_span(each)[1] for each in before)
    return (
        any(first <= attempt.submitted_at <= last for first, last in spans)
        or before[-1] in same
        or attempt.submitted_at <= latest
    )


def _is_same(one: Attempt, other: Attempt) -> bool:
    return (one.file, one.sha256) == (other.file, other.sha256)


def _span(attempt: Attempt) -> tuple[str, str]:
    """From when to when an attempt is known to have been the newest."""
    return attempt.submitted_at, max(attempt.seen, attempt.submitted_at)
