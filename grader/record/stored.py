"""What was handed in, as the record has it: to be run, or looked at, again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.judging.verdicts import Verdict
from grader.submissions.cells import bound_in
from grader.submissions.program import Refusal, program_of
from grader.submissions.submission import Submission
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.record.record import Record
    from grader.record.rows import Entry
    from grader.submissions.program import Source

__all__ = ["data_of", "lines_of", "read_stored", "source_in", "source_of", "submission_of"]

_LINES = 60
"""How many lines of a program are shown."""


def submission_of(entry: Entry) -> Submission:
    """An answer as it was found; of its path the name alone is known."""
    path = Path(entry.name) if entry.name else None
    return Submission(entry.student, entry.assignment, entry.exercise, path, entry.submitted_at, entry.place, entry.by)


def data_of(record: Record, entries: Iterable[Entry]) -> dict[str, bytes]:
    """What was handed in, by its hash, in one query."""
    return record.contents({entry.content for entry in entries if entry.content is not None})


def read_stored(record: Record, entry: Entry) -> bytes | Refusal | None:
    """The bytes that were handed in, or why there are none; None where the result alone is known."""
    return _read(entry, data_of(record, [entry]))


def _read(entry: Entry, data: Mapping[str, bytes]) -> bytes | Refusal | None:
    if entry.content is not None:
        return data[entry.content]
    said = {(check.verdict, check.feedback) for check in entry.result.checks}
    if len(said) == 1:
        verdict, feedback = said.pop()
        if verdict in (Verdict.NOT_ATTEMPTED, Verdict.FORBIDDEN) or entry.result.fault:
            return Refusal(verdict, feedback, fault=entry.result.fault)
    return None


def source_of(record: Record, entry: Entry) -> Source | Refusal | None:
    """The program that was handed in, or why there is none; None where the result alone is known."""
    return source_in(data_of(record, [entry]), entry)


def source_in(data: Mapping[str, bytes], entry: Entry) -> Source | Refusal | None:
    """The same, of an answer whose content is among these."""
    read = _read(entry, data)
    return program_of(submission_of(entry), read) if isinstance(read, bytes) else read


def lines_of(source: Source | Refusal, functions: Iterable[str]) -> list[str]:
    """The lines of a program, of a notebook those of the cells that answer; not more than can be looked through."""
    if isinstance(source, Refusal):
        return [source.feedback]
    asked = tuple(functions)
    cells = [each.cell.source for each in source.cells]
    answering = [cell for cell in cells if not bound_in(cell).isdisjoint(asked)]
    lines = "\n".join(answering if source.notebook and answering else cells).splitlines()
    return [*lines[:_LINES], *[f"... and {count_of(len(lines) - _LINES, 'more line')}"] * (len(lines) > _LINES)]
