"""Bring a student's notebook back to the cells of its assignment: what nbgrader's own steps fail on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import jsonschema
from nbformat.v4 import new_code_cell
from nbgrader.nbgraderformat import SCHEMA_VERSION, SchemaTooNewError, SchemaTooOldError, ValidationError
from nbgrader.utils import is_grade, is_solution

from grader.for_nbgrader.cells import grade_id_of
from grader.submissions.cells import bound_in, is_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode
    from nbgrader.nbgraderformat import MetadataValidator

    from grader.for_nbgrader.gradebook.facts import NotebookFacts

__all__ = ["made_code_again", "restored", "without_bad_metadata"]

_CELL_IDS_SINCE = 5
"""The minor version of format 4 in which cells have ids."""


def without_bad_metadata(nb: NotebookNode, facts: NotebookFacts, validator: MetadataValidator) -> Iterator[str]:
    """Take nbgrader's metadata from the cells that it is wrong in; yields the name that each of them claimed.

    Wrong is what nbgrader cannot read, a name or a role that is not the assignment's, and all but the last cell of a
    name.
    """
    seen: set[str] = set()
    for cell in reversed(nb.cells):
        metadata = cell.metadata.get("nbgrader")
        if metadata is None:
            continue
        name = str(metadata.get("grade_id", "")) if isinstance(metadata, dict) else ""
        if name in seen or not _is_valid(cell, validator) or (name and not _is_released(name, cell, facts)):
            cell.metadata.pop("nbgrader", None)
            yield name
        elif name:
            seen.add(name)


def made_code_again(nb: NotebookNode, facts: NotebookFacts) -> None:
    """Give an answer's cell its type back where it has become a Markdown cell, or a raw one, and still defines something.

    By nbgrader's rules such a cell has no metadata. A text that is no program stays one.
    """
    for cell in nb.cells:
        metadata = cell.metadata.get("nbgrader")
        name = str(metadata.get("grade_id", "")) if isinstance(metadata, dict) else ""
        released = facts.sources.get(name)
        if cell.cell_type != "code" and released and released.cell_type == "code" and is_answer(name, cell.source):
            cell.cell_type, cell.outputs, cell.execution_count = "code", [], None
            cell.pop("attachments", None)


def _is_released(name: str, cell: NotebookNode, facts: NotebookFacts) -> bool:
    """Whether the assignment has a cell of this name, for the same purpose."""
    roles = is_grade(cell), is_solution(cell)
    return name in facts.sources and roles == (name in facts.graded, name in facts.answers)


def _is_valid(cell: NotebookNode, validator: MetadataValidator) -> bool:
    try:
        validator.upgrade_cell_metadata(cell)
        validator.validate_cell(cell)
    except (
        SchemaTooOldError,
        SchemaTooNewError,
        ValidationError,
        jsonschema.ValidationError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
    ):  # fmt: skip  the validator looks into whatever a student's file holds
        return False
    return "nbgrader" in cell.metadata


def restored(nb: NotebookNode, facts: NotebookFacts) -> None:
    """Give back the cells that points are given in, where a student's notebook has lost them or their metadata.

    Test cells come at the notebook's end. An answer that a person reads is the last cell that defines what it has to.
    """
    present = {grade_id_of(cell) for cell in nb.cells}
    for name, graded in facts.graded.items():
        if name in present:
            continue
        metadata = {
            "schema_version": SCHEMA_VERSION, "grade": True, "solution": not graded.automatic,
            "locked": graded.automatic, "task": False, "grade_id": name, "points": graded.points,
            "checksum": facts.sources[name].checksum, "cell_type": facts.sources[name].cell_type,
        }  # fmt: skip
        if graded.automatic:
            cell = new_code_cell(facts.sources[name].source)
            if nb.nbformat_minor < _CELL_IDS_SINCE:
                cell.pop("id", None)
            nb.cells.append(cell)
        else:
            functions = re.findall(r"^def[ \t]+(\w+)", facts.sources[name].source, re.MULTILINE)
            answers = [each for each in nb.cells if each.cell_type == "code" and "nbgrader" not in each.metadata]
            cell = next((a for a in reversed(answers) if not bound_in(a.source).isdisjoint(functions)), None)
        if cell is not None:
            cell.metadata["nbgrader"] = metadata
