"""Files beside each other, named after their students: `lastname_firstname.py`, also with the exercise's name before or after it.

And folders beside each other, one for each student, without folders of assignments in them.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from grader.submissions.intake.handin import File, HandIn, Service
from grader.submissions.intake.listing import ANSWER, is_answer_file, without_archive
from grader.submissions.intake.people import by_any_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.submissions.intake.handin import Context
    from grader.submissions.intake.listing import Entry, Listing

__all__ = ["FLAT", "FOLDERS"]


def _hand_ins(listing: Listing, context: Context) -> Iterator[HandIn]:
    by_name: dict[str, list[File]] = defaultdict(list)
    others: list[tuple[str, str, Entry]] = []
    for entry in listing.loose:
        ending = ANSWER.search(entry.name)
        stem = entry.name[: ending.start()] if ending else PurePosixPath(entry.name).stem
        student, exercise = context.names.apart(stem)
        if ending is None:
            if student and (near := context.names.near(entry.name)):
                others.append((student, f"{near}{PurePosixPath(entry.name).suffix}", entry))
            continue
        exercise = exercise or context.exercise
        if not student:
            yield HandIn("flat", entry.path, None, (), doubt="names no student: call it lastname_firstname_exercise.py")
        elif not exercise:
            yield HandIn(
                "flat", entry.path, by_any_name(student), (), doubt="names no exercise: say which with --exercise"
            )
        else:
            path = f"{exercise}{ending[0]}"
            by_name[student].append(File(path, entry, entry.path, entry.modified, "student"))
    for student, path, entry in others:
        # A picture of a plot is named so as well: by it alone nobody is made a student.
        if student in by_name:
            by_name[student].append(File(path, entry, entry.path, entry.modified, "student"))
        else:
            yield HandIn("flat", entry.path, None, (), doubt="is no program and no notebook")
    for student, files in by_name.items():
        yield HandIn("flat", files[0].given, by_any_name(student), tuple(files))
    yield from _folders(listing, context)


def _folders(listing: Listing, context: Context) -> Iterator[HandIn]:
    """One for each folder or archive, opened or not; its name may have an exercise's, or an assignment's, in it."""
    for entry in listing.entries:
        if "/" not in entry.path and entry.fault and (student := context.names.apart(entry.name.partition(".")[0])[0]):
            file = File(entry.path, entry, entry.path, entry.modified, "student")
            yield HandIn("folders", entry.path, by_any_name(student), (file,))
    for top, inside in listing.below().items():
        name = without_archive(top)
        student = name if name == top else context.names.apart(name)[0]
        files = tuple(File(each.path, each, top, each.modified, "student") for each in inside.entries)
        doubt = "" if files else "holds no file"
        yield HandIn(
            "folders",
            top,
            by_any_name(student) if student else None,
            files,
            doubt=doubt or ("" if student else "names no student"),
        )


def _is_flat(listing: Listing, _context: Context) -> bool:
    return any(is_answer_file(entry.name) for entry in listing.loose)


def _has_folders(listing: Listing, _context: Context) -> bool:
    return bool(listing.tops)


FLAT = Service("flat", "files named after students", _is_flat, _hand_ins)
FOLDERS = Service("folders", "folders named after students", _has_folders, _folders)
