"""What a student handed in for an exercise, as a program: text that nothing has parsed, or why there is none to run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.judging.verdicts import Verdict
from grader.submissions.files import IrregularFileError, decode_source, read_file
from grader.submissions.notebook import NotebookError, notebook_chunks
from grader.wire.messages import Chunk

if TYPE_CHECKING:
    from pathlib import Path

    from grader.submissions.submission import Submission

__all__ = ["MAX_SOURCE", "Refusal", "read_program"]

MAX_SOURCE = 2**20
MAX_NOTEBOOK = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no program to run, in one sentence for the student."""

    verdict: Verdict
    feedback: str


def read_program(submission: Submission) -> tuple[Chunk, ...] | Refusal:
    """The code that was handed in, as text that nothing has parsed; or why there is none to run."""
    exercise, path = submission.exercise, submission.path
    if path is None:
        return _missing(submission)
    notebook = submission.notebook
    limit = MAX_NOTEBOOK if notebook else MAX_SOURCE
    try:
        data = read_file(path, limit)
        if len(data) > limit:
            return _too_long(path, limit)
        chunks = notebook_chunks(data) if notebook and data.strip() else (Chunk(f"{exercise}.py", decode_source(data)),)
    except FileNotFoundError:
        return _missing(submission)
    except IrregularFileError:
        return Refusal(Verdict.FORBIDDEN, f"{path.name} is a link or not a file at all: hand in the file itself.")
    except OSError as error:
        reason = error.strerror or "no reason given"
        return Refusal(Verdict.JUDGE_ERROR, f"{path.name} could not be read ({reason}): this is not your fault.")
    except NotebookError as error:
        return Refusal(Verdict.RUNTIME_ERROR, f"{error} Open {path.name} in Jupyter, save it and hand it in again.")
    except ValueError as error:
        return Refusal(Verdict.RUNTIME_ERROR, f"{path.name} is not readable text: {error}; save it as UTF-8.")
    if sum(len(chunk.source.encode()) for chunk in chunks) > MAX_SOURCE and notebook:
        return _too_long(path, MAX_SOURCE, "The code in ")
    if not any(chunk.source.strip() for chunk in chunks):
        return Refusal(Verdict.NOT_ATTEMPTED, f"{path.name} has no code in it: write your answer and hand it in again.")
    return chunks


def _missing(submission: Submission) -> Refusal:
    exercise = submission.exercise
    nothing = f"Nothing was handed in for {exercise}: hand in {exercise}.py or {exercise}.ipynb."
    return Refusal(Verdict.NOT_ATTEMPTED, f"{submission.note}." if submission.note else nothing)


def _too_long(path: Path, limit: int, what: str = "") -> Refusal:
    feedback = f"{what}{path.name} is larger than {limit >> 20} MiB: remove data and output from it."
    return Refusal(Verdict.FORBIDDEN, feedback)
