"""What students handed in: finding it in a folder, of which nothing is trusted.

A file in its right place is the answer, unless it is still a stub. Only where there is none, a file that lies elsewhere
and has the exercise's name is taken. What may be an answer and was not taken is told, never lost.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError, did_you_mean
from grader.names import breaks_lines, is_unseen, look
from grader.submissions.files import children, is_left_behind
from grader.submissions.folder import StudentFolder, Wanted
from grader.submissions.intake.received import RECORDS
from grader.submissions.layouts import export_in, how_to_collect, refuse_layout
from grader.submissions.submission import Submission
from grader.submissions.submitted_at import TIMESTAMP
from grader.words import listed

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from grader.course.model import Course, Exercise

__all__ = ["Found", "Submission", "find_submissions"]

MAX_LISTED = 10
"""How many files a notice names."""

_NOT_A_STUDENT = (
    "is an assignment's folder among those of students: it was not graded; move it into its student's folder"
)
_NO_NAME = "is no name for a student: nothing in that folder was graded; rename it"
_LEFT_OUT = "is no student's folder: what begins with a dot, or is left behind by a tool, is left out"
_LAYOUT = "<student>/<assignment>/<exercise>.py"


class Found(msgspec.Struct, frozen=True):
    """What was handed in, and what the person who runs this should know; `unplaced` may be answers that are not graded."""

    submissions: tuple[Submission, ...]
    notices: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()


def find_submissions(
    submitted: Path,
    course: Course,
    students: Collection[str] = (),
    *,
    whole: Course | None = None,
    functions: Callable[[Exercise], Collection[str]] | None = None,
) -> Found:
    """One submission per student and exercise of `course`, sorted by student, then in course order; and what to tell.

    Of all students, or of those named. `whole` is the course before a selection: what belongs to an exercise that was
    not selected is no stranger. `functions` gives what an exercise asks for, by default a function of its own name; it is
    called where a file has to be looked into. A notice is a line about what was found but not used. No symlink inside
    `submitted` is followed, and no file is read but timestamps and those among which the answer has to be chosen. Raises
    UsageError where there is no such folder, no student in it, not one of those named, or a class in a layout of another
    service.
    """
    whole = whole or course
    listing = _students(submitted, whole)
    folders = listing.folders
    for student in students:
        if student not in folders:
            near = did_you_mean(student, folders)
            missing = f"there is no student {student!r} in {submitted}, which has {len(folders)}{near}"
            raise UsageError((listing.refused | listing.strangers).get(student, missing))
    if students:
        listing = _Listing({student: folders[student] for student in students})
    wanted = Wanted(course, whole, functions or _own_name)
    looked = [StudentFolder(name, folder, wanted).look() for name, folder in sorted(listing.folders.items())]
    if not students:
        refuse_layout(submitted, [each.outside for each in looked if each.outside], len(looked))
    return Found(
        tuple(each for one in looked for each in one.submissions),
        (*listing.refused.values(), *listing.remarks(), *(each for one in looked for each in one.notices),
         *_hard_links([each for one in looked for each in one.linked])),
        (*listing.strangers.values(), *(each for one in looked for each in one.unplaced)),
    )  # fmt: skip


def _own_name(exercise: Exercise) -> tuple[str, ...]:
    return (exercise.id,)


def _hard_links(files: list[str]) -> Iterable[str]:
    """Said of files that may be somebody else's."""
    if files:
        named = listed(files, MAX_LISTED, repr)
        yield f"under more than one name on this disk (hard links), so that it may be another's file: {named}"


class _Listing(msgspec.Struct, frozen=True):
    """The folders of the students; why something beside them is none, by its name; and what of that may well be answers."""

    folders: dict[str, Path]
    refused: dict[str, str] = {}
    strangers: dict[str, str] = {}

    def remarks(self) -> Iterator[str]:
        """What is odd about the students' names."""
        alike: dict[str, list[str]] = {}
        for name in sorted(self.folders):
            alike.setdefault(look(name), []).append(name)
        for names in alike.values():
            if len(names) > 1:
                yield (
                    f"{' and '.join(map(ascii, names))} look alike: they are graded as {len(names)} students; rename one"
                    " if they are not"
                )
            elif any(map(is_unseen, names[0])):
                yield f"{names[0]!a} has characters that are not seen, or turn the line round; is it who it seems?"


def _students(submitted: Path, whole: Course) -> _Listing:
    """The folders of the students, and a notice for everything beside them, by name."""
    inside, problem = children(submitted)
    if problem:
        hint = f", or {how_to_collect(submitted)}" if submitted.is_file() else ""
        raise UsageError(f"{submitted} cannot be read ({problem}); name a folder that holds {_LAYOUT}{hint}")
    folders = {
        name: submitted / name for name, status in inside.items() if _is_folder(status) and not is_left_behind(name)
    }
    refused = {name: why for name, status in inside.items() if (why := _why_none(name, status))}
    strangers: dict[str, str] = {}
    assignments = sorted({assignment.id for assignment in whole.assignments} & folders.keys())
    if folders and len(assignments) == len(folders):
        submitted = submitted.resolve()
        folders, refused = {submitted.name: submitted}, {}
    else:
        folders = {name: folder for name, folder in folders.items() if name not in assignments}
        strangers = {name: f"{name!r} {_NOT_A_STUDENT}" for name in assignments}
    for name in list(folders):
        if not name or breaks_lines(name):
            strangers[name] = f"{name!r} {_NO_NAME}"
            del folders[name]
    if not folders:
        told = [*refused.values(), *strangers.values()]
        told += [f"where a service gave you that, {how_to_collect(submitted)}"] if refused else []
        raise UsageError("\n".join([f"{submitted} holds no student's folder; expected {_LAYOUT}", *told]))
    if len(folders) == 1 and (inner := export_in(*folders.values())):
        raise UsageError(inner)
    return _Listing(folders, refused, strangers)


def _is_folder(status: os.stat_result) -> bool:
    return stat.S_ISDIR(status.st_mode)


def _why_none(name: str, status: os.stat_result) -> str:
    """What to say of an entry that is no student's folder; empty for one that is, and for a hidden file."""
    if _is_folder(status):
        is_told = is_left_behind(name) and name not in {"__pycache__", RECORDS}
        return f"{name!r} {_LEFT_OUT}" if is_told else ""
    if is_left_behind(name) or name == TIMESTAMP:
        return ""
    if stat.S_ISLNK(status.st_mode):
        return f"{name!r} is a symlink, which is not followed"
    return f"{name!r} is not in a student's folder"
