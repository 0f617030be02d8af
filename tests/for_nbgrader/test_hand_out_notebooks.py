"""The hand-out's notebooks as Jupyter itself reads and writes them."""

from __future__ import annotations

import nbformat
import pytest

from grader.building.reference import task_and_code
from grader.building.release import render_hand_out
from marks import needs_torch
from repository import SOLUTIONS, course_here

pytestmark = pytest.mark.skipif(not SOLUTIONS.is_dir(), reason="a student's tree has no solutions/")


@needs_torch
def test_its_notebooks_are_as_jupyter_saves_them_and_hold_the_stubs():
    """Valid in the newest format; no metadata of nbgrader's; an answer's cell is the stub without its task."""
    course = course_here()
    hand_out = render_hand_out(course)
    for assignment in course.assignments:
        text = hand_out[f"{assignment.id}/{assignment.id}.ipynb"].decode()
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
        assert nbformat.writes(notebook).rstrip() == text.rstrip()
        assert all(cell.metadata == {} for cell in notebook.cells)
        cells = {cell.id: cell.source for cell in notebook.cells}
        for exercise in assignment.exercises:
            stub = hand_out[f"{assignment.id}/{exercise.id}.py"].decode()
            _, code = task_and_code(stub, course.reference(exercise))
            assert cells[f"solution-{exercise.id}"] == code.strip("\n")
