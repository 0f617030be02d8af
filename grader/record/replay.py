"""Run again what is stored: to see whether it still comes to the same, or what today's checks make of it."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from msgspec.structs import replace

from grader.grading.classes import graded, task_of
from grader.grading.provenance import exact_version, torch_version
from grader.grading.reading import Reader
from grader.record.running import judgement_of
from grader.record.stored import read_stored, submission_of
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.course.model import Course
    from grader.grading.executor import Executor
    from grader.grading.keys import Keys
    from grader.grading.reading import Answer
    from grader.record.record import Record
    from grader.record.rows import Entry

__all__ = ["Replayed", "replay", "sample"]


class Replayed(msgspec.Struct, frozen=True):
    """A stored result, run again with the key that it was judged by."""

    entry: Entry
    same: bool
    """Whether it is identical, to the bit."""
    reason: str = ""
    """Why it could not be run again; then nothing is known of it."""


class _NoReplayError(Exception):
    """Why a result cannot be run again."""


def replay(
    record: Record, course: Course, keys: Keys, executor: Executor, entries: Iterable[Entry]
) -> Iterator[Replayed]:
    """Run these results again, each with the key and the limits that it was judged by; what comes of them as it is finished."""
    layers = executor.start()
    reader = Reader(course, keys, layers)

    def prepared() -> Iterator[tuple[Entry, Answer | None, str]]:
        for entry in entries:
            try:
                yield entry, _answer(record, course, keys, reader, layers, entry), ""
            except _NoReplayError as error:
                yield entry, None, str(error)

    for (entry, answer, reason), results in executor.run(
        (each, task_of(filter(None, [each[1]]))) for each in prepared()
    ):
        if answer is None:
            yield Replayed(entry, same=False, reason=reason)
            continue
        (found,) = graded([answer], results)
        judged = judgement_of(found)
        if found.lasting:
            yield Replayed(entry, same=(judged.result, judged.program) == (entry.judged, entry.program))
        else:
            yield Replayed(entry, same=False, reason="this time it was stopped by the clock, or could not be judged")


def _answer(  # noqa: PLR0913
    record: Record, course: Course, keys: Keys, reader: Reader, layers: tuple[str, ...], entry: Entry
) -> Answer:  # fmt: skip
    """A stored answer, to be judged as it was. Raises _NoReplayError."""
    about = entry.provenance
    if entry.identity is None:
        raise _NoReplayError("it was imported, stopped by the clock, or could not be judged")
    there = {exercise.id: exercise for exercise in course.exercises()}
    if entry.exercise not in there:
        raise _NoReplayError("the course has no such exercise any more")
    exercise = there[entry.exercise]
    torch = torch_version() if about.torch else ""
    for what, then, now in (
        ("grader", about.grader, exact_version()),
        ("Python", about.python, platform.python_version()),
        ("numpy", about.numpy, np.__version__),
        ("torch", about.torch, torch),
        ("isolation", ", ".join(about.isolation), ", ".join(layers)),
    ):
        if then != now:
            raise _NoReplayError(f"it was judged with another {what}: {then or 'none'}, now {now or 'none'}")
    if (read := read_stored(record, entry)) is None:
        raise _NoReplayError("what was handed in is not in the record")
    if (key := keys.kept(exercise, about.key)) is None:
        raise _NoReplayError("the record does not have the key that it was judged by")
    exercise = replace(exercise, limits=_limits(about.limits))
    answer = reader.as_judged(submission_of(entry), read, entry.content or "", exercise, about)
    if answer.identity != entry.identity:
        raise _NoReplayError(
            "the course says otherwise by now what it may import, what else its notebook answers, or how many edits are tried"
        )
    return replace(answer, key=key)


def _limits(limits: dict[str, int | float]) -> Limits:
    return msgspec.convert(limits, Limits)


def sample(numbers: Sequence[int], most: int) -> list[int]:
    """So many of them at most, from all parts alike: the same each time."""
    count = min(most, len(numbers))
    return [numbers[index * len(numbers) // count] for index in range(count)]
