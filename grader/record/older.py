"""Which results were judged by other checks or limits, or another grader, than they would be now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from grader.errors import CourseError
from grader.grading.provenance import exact_version
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from grader.course.model import Course, Exercise
    from grader.grading.keys import Keys
    from grader.grading.reading import Reader
    from grader.record.record import Record
    from grader.record.rows import Known, Place

__all__ = ["older"]


def older(  # noqa: PLR0913
    record: Record,
    course: Course,
    keys: Keys,
    reader: Reader,
    known: Mapping[Place, Known],
    touched: Collection[Place] = (),
) -> list[Place]:
    """The results that were judged by other checks or limits, or another grader, than they would be now.

    Of what this run has `touched` the key and the grader alone are compared: the run itself has looked at the rest. Exercises that
    the course no longer has, or whose checks cannot be compiled, are left out.
    """
    exercises = {(exercise.assignment, exercise.id): exercise for exercise in course.exercises()}
    return [
        place
        for place, one in known.items()
        if (exercise := exercises.get(place[1:])) and _is_older(record, keys, reader, exercise, place, one, touched)
    ]


def _is_older(  # noqa: PLR0913
    record: Record, keys: Keys, reader: Reader, exercise: Exercise, place: Place, known: Known, touched: Collection[Place]
) -> bool:  # fmt: skip
    try:
        key = keys.digest(exercise, place[0])
    except CourseError:
        return False
    if (known.key, known.grader) != (key, exact_version()):
        return True
    if place in touched or known.content is None:
        return False
    if known.identity is None:
        entry = record.entry(*place)
        return entry is not None and entry.provenance.limits != asdict(exercise.limits)
    submission = Submission(*place, Path(known.name), known.submitted_at)
    return reader.answer(submission, b"", known.content).identity != known.identity
