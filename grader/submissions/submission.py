"""One answer as it was handed in: whose it is, and which file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from grader.submissions.misplaced import is_notebook

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["By", "Submission"]

By = Literal["service", "timestamp", "student", "download", "canvas", "folder", "file", ""]
"""Whose word a time is: of the service that received it, timestamp.txt's, the student's (a commit), the download's, the download's where
Canvas says that it was late and not when it came, of whoever put it into `submitted/`, or the file's own; nobody's where it is not known."""


class Submission(msgspec.Struct, frozen=True):
    """One student's answer to one exercise; `path` is None and `submitted_at` empty where nothing was handed in."""

    student: str
    assignment: str
    exercise: str
    path: Path | None
    submitted_at: str
    note: str = ""
    """What the student should know of which file was taken, or was not, in one sentence."""
    by: By = ""
    """Whose word `submitted_at` is."""

    @property
    def place(self) -> str:
        """What the student should know of the file that was taken; where there is none the note is the feedback already."""
        return self.note if self.path else ""

    @property
    def notebook(self) -> bool:
        """Whether the file is a notebook, for this exercise or the whole assignment."""
        return self.path is not None and is_notebook(self.path.name)

    @property
    def shared(self) -> bool:
        """Whether the file is a notebook for the whole assignment, which may leave exercises out."""
        return (
            self.path is not None and self.path.name == f"{self.assignment}.ipynb" and self.assignment != self.exercise
        )
