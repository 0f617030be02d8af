"""A class as a stream of reports: what is done once for many exercises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.grading import classes
from grader.submissions.find import Submission
from grader.submissions.program import Refusal, Source, read_program

if TYPE_CHECKING:
    from pathlib import Path


def test_a_notebook_for_many_exercises_is_read_once(tmp_path, monkeypatch) -> None:
    """Its outputs may be many megabytes; what nobody handed in is told for each exercise by its name."""
    path = tmp_path / "jacobians.ipynb"
    path.write_text('{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]}')
    reads: list[Submission] = []

    def counted(submission: Submission) -> object:
        reads.append(submission)
        return read_program(submission)

    monkeypatch.setattr(classes, "read_program", counted)
    known: dict[Path, Source | Refusal] = {}
    found = [classes._read(Submission("ada", "jacobians", name, path, ""), known) for name in ("one", "two", "three")]
    assert (len(reads), found[0]) == (1, found[2])
    for name in ("one", "two"):
        missing = classes._read(Submission("ada", "jacobians", name, None, ""), known)
        assert isinstance(missing, Refusal)
        assert name in missing.feedback
