"""What a student handed in for an exercise, as a program: text that nothing has parsed, or why there is none to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.judging.verdicts import UNJUDGED, Verdict, nothing_handed_in
from grader.submissions.cells import ReviewedCell, reviewed
from grader.submissions.files import IrregularFileError, decode_source, read_file
from grader.submissions.notebook import NotebookError, notebook_chunks
from grader.wire.messages import Chunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.submissions.submission import Submission

__all__ = ["MAX_SOURCE", "Refusal", "Source", "program_of", "read_data", "read_program", "source_of_cells"]

MAX_SOURCE = 2**20
MAX_NOTEBOOK = 64 * 2**20


class Refusal(msgspec.Struct, frozen=True):
    """Why there is no program to run, in one sentence for the student."""

    verdict: Verdict
    feedback: str
    fault: str = ""
    """The cause, where it is none of the student's."""


class Source(msgspec.Struct, frozen=True):
    """A program as it was handed in, as text that nothing has parsed: a file, or the cells of a notebook."""

    cells: tuple[ReviewedCell, ...]
    notebook: bool = False
    alone: bool = True
    """Whether it is for one exercise, and so an answer to it whatever is in it."""


def read_program(submission: Submission) -> Source | Refusal:
    """The code that was handed in; or why there is none to run."""
    data = read_data(submission)
    return data if isinstance(data, Refusal) else program_of(submission, data)


def read_data(submission: Submission) -> bytes | Refusal:
    """The bytes that were handed in; or why there are none."""
    path = submission.path
    if path is None:
        return _missing(submission)
    limit = MAX_NOTEBOOK if submission.notebook else MAX_SOURCE
    try:
        data = read_file(path, limit)
    except FileNotFoundError:
        return _missing(submission)
    except IrregularFileError:
        return Refusal(Verdict.FORBIDDEN, f"{path.name} is a link or not a file at all: hand in the file itself.")
    except OSError as error:
        return Refusal(Verdict.JUDGE_ERROR, UNJUDGED, fault=f"{path} could not be read: {error.strerror or error}")
    return _too_long(path.name, limit) if len(data) > limit else data


def program_of(submission: Submission, data: bytes) -> Source | Refusal:
    """The code in the bytes that were handed in, whatever the file holds by now; or why there is none to run."""
    name = submission.path.name if submission.path else f"{submission.exercise}.py"
    try:
        if submission.notebook:
            return source_of_cells(notebook_chunks(data) if data.strip() else (), name, alone=not submission.shared)
        chunk = Chunk(f"{submission.exercise}.py", decode_source(data))
    except NotebookError as error:
        return Refusal(Verdict.RUNTIME_ERROR, f"{error} Open {name} in Jupyter, save it and hand it in again.")
    except ValueError as error:
        return Refusal(Verdict.RUNTIME_ERROR, f"{name} is not readable text: {error}; save it as UTF-8.")
    return Source((ReviewedCell(chunk),)) if chunk.source.strip() else _empty(name)


def source_of_cells(cells: Sequence[Chunk], name: str, *, alone: bool = False) -> Source | Refusal:
    """The program in the code cells of the notebook of that name; or why there is none to run."""
    if sum(len(cell.source.encode(errors="replace")) for cell in cells) > MAX_SOURCE:
        return _too_long(name, MAX_SOURCE, "The code in ")
    if not any(cell.source.strip() for cell in cells):
        return _empty(name)
    return Source(tuple(reviewed(cell) for cell in cells), notebook=True, alone=alone)


def _missing(submission: Submission) -> Refusal:
    said = f"{submission.note}." if submission.note else nothing_handed_in(submission.exercise)
    return Refusal(Verdict.NOT_ATTEMPTED, said)


def _empty(name: str) -> Refusal:
    return Refusal(Verdict.NOT_ATTEMPTED, f"{name} has no code in it: write your answer and hand it in again.")


def _too_long(name: str, limit: int, what: str = "") -> Refusal:
    feedback = f"{what}{name} is larger than {limit >> 20} MiB: remove data and output from it."
    return Refusal(Verdict.FORBIDDEN, feedback)
