"""What was handed in, as the record has it: to be run, or looked at, again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.judging.verdicts import Verdict
from grader.submissions.program import Refusal, program_of
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from grader.record.record import Record
    from grader.record.rows import Entry
    from grader.submissions.program import Source

__all__ = ["read_stored", "source_of", "submission_of"]


def submission_of(entry: Entry) -> Submission:
    """An answer as it was found; of its path the name alone is known."""
    path = Path(entry.name) if entry.name else None
    return Submission(entry.student, entry.assignment, entry.exercise, path, entry.submitted_at, entry.place)


def read_stored(record: Record, entry: Entry) -> bytes | Refusal | None:
    """The bytes that were handed in, or why there are none; None where the result alone is known."""
    if entry.content is not None:
        return record.content(entry.content)
    said = {(check.verdict, check.feedback) for check in entry.result.checks}
    if len(said) == 1:
        verdict, feedback = said.pop()
        if verdict in (Verdict.NOT_ATTEMPTED, Verdict.FORBIDDEN) or entry.result.fault:
            return Refusal(verdict, feedback, fault=entry.result.fault)
    return None


def source_of(record: Record, entry: Entry) -> Source | Refusal | None:
    """The program that was handed in, or why there is none; None where the result alone is known."""
    read = read_stored(record, entry)
    return program_of(submission_of(entry), read) if isinstance(read, bytes) else read
