"""A class as a stream of reports: what is done once for many exercises."""

from __future__ import annotations

from grader.grading import classes
from grader.submissions.find import Submission
from grader.submissions.program import Refusal, read_program


def test_a_notebook_for_many_exercises_is_read_once(tmp_path, monkeypatch) -> None:
    """Its outputs may be many megabytes; what nobody handed in is told for each exercise by its name."""
    path = tmp_path / "jacobians.ipynb"
    path.write_text('{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]}')
    reads: list[Submission] = []

    def counted(submission: Submission) -> object:
        reads.append(submission)
        return read_program(submission)

    monkeypatch.setattr(classes, "read_program", counted)
    read = classes._reading_once()
    found = [read(Submission("ada", "jacobians", name, path, "")) for name in ("one", "two", "three")]
    assert (len(reads), found[0]) == (1, found[2])
    for name in ("one", "two"):
        missing = read(Submission("ada", "jacobians", name, None, ""))
        assert isinstance(missing, Refusal)
        assert name in missing.feedback
