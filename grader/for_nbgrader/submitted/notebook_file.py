"""A student's notebook file as nbformat has it: read as a regular file, and bounded before anything parses it."""

from __future__ import annotations

import json
import re
import warnings
from typing import TYPE_CHECKING, Any

import nbformat
import numpy as np
from nbformat.corpus.words import generate_corpus_id
from nbformat.validator import NotebookValidationError, normalize

from grader.errors import GraderError
from grader.submissions.files import IrregularFileError, read_file
from grader.submissions.notebook import MAX_CELLS, with_whole_characters
from grader.submissions.program import MAX_NOTEBOOK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nbformat import NotebookNode

__all__ = ["UnreadableNotebookError", "notebook_of", "read_notebook"]

MAX_OBJECTS = 250_000
MAX_STRINGS = 2_000_000
MAX_VALUES = 4_000_000
MAX_DEPTH = 100
"""What the JSON of a notebook may hold. nbformat takes a kilobyte for an object; ten thousand cells have some 60 000."""

_VERSION, _IDS_SINCE = 4, 5
_KINDS = ("code", "markdown", "raw")
_MAX_SHOWN = 200

# Possessive, and without a need of its last quote: a file of quotes costs time in proportion to its length.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_BRACKETS = b"[]{}"
_NO_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))


class UnreadableNotebookError(GraderError):
    """A student's notebook cannot be read; the message is a sentence that names it, and says what to do."""


def read_notebook(path: Path, below: Path) -> NotebookNode:
    """The notebook in a file of a student's, in format 4. Raises UnreadableNotebookError.

    No part of its path under `below` may be a link. Where there is no such file, one whose name ends on .IPYNB counts.
    """
    for part in (path.parent, *path.parent.parents):
        if part == below:
            break
        if part.is_symlink():
            raise UnreadableNotebookError(f"{part} is a link, which is not followed: hand in the folder itself")
    found = path if path.is_symlink() or path.exists() else _in_capitals(path)
    try:
        data = read_file(found, MAX_NOTEBOOK)
    except IrregularFileError:
        raise UnreadableNotebookError(f"{found.name} is a link or not a file at all: hand in the file itself") from None
    except OSError as error:
        raise UnreadableNotebookError(f"{found} could not be read: {error.strerror or error}") from None
    try:
        return notebook_of(data)
    except UnreadableNotebookError as error:
        raise UnreadableNotebookError(f"{found.name} {error}") from None


def _in_capitals(path: Path) -> Path:
    """The file beside where a notebook should be whose name is the same but for the .ipynb, in capitals."""
    same = (each for each in path.parent.iterdir() if each.stem == path.stem and each.suffix.lower() == path.suffix)
    return next(same, path)


def notebook_of(data: bytes) -> NotebookNode:
    """The notebook that a file holds. Raises UnreadableNotebookError with what is said of the file."""
    if len(data) > MAX_NOTEBOOK:
        raise UnreadableNotebookError(f"is larger than {MAX_NOTEBOOK >> 20} MiB: remove data and output from it")
    _require_bounded(data)
    try:
        content = json.loads(with_whole_characters(data).decode("utf-8-sig"))
        major, minor = int(content["nbformat"]), int(content.get("nbformat_minor", 0))
        if major == _VERSION:
            _require_few(content["cells"])
            _give_parts(content, ids=minor >= _IDS_SINCE)
        read: Any = nbformat.convert(nbformat.versions[major].to_notebook_json(content, minor=minor), _VERSION)
        _require_few(read.cells)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about cells that students have copied
            _, notebook = normalize(read)
        return _as_format_4_has_it(notebook)
    except UnreadableNotebookError:
        raise
    except Exception as error:  # noqa: BLE001  nbformat looks into whatever the file holds, and fails in as many ways
        reason = f"{type(error).__name__}: {error}".partition("\n")[0][:_MAX_SHOWN]
        raise UnreadableNotebookError(
            f"is not a notebook ({reason}): open it in Jupyter, save it and hand it in again"
        ) from None


def _require_few(cells: Sequence[Any]) -> None:
    if len(cells) > MAX_CELLS:
        raise UnreadableNotebookError(f"has {len(cells)} cells; at most {MAX_CELLS} are read")


def _give_parts(content: dict[str, Any], *, ids: bool) -> None:
    """Give a notebook and its cells the parts that they lack, or that are of another type: nothing that is graded."""
    cells = [cell for cell in content["cells"] if isinstance(cell, dict)]
    for part in (content, *cells):
        if not isinstance(part.get("metadata"), dict):
            part["metadata"] = {}
    for cell in cells:
        if not isinstance(cell["metadata"].get("nbgrader", {}), dict):
            del cell["metadata"]["nbgrader"]
    for cell in cells:
        if not isinstance(cell.get("id", None if ids else ""), str):
            cell["id"] = generate_corpus_id()
        if cell.get("cell_type") == "code":
            if not isinstance(cell.get("outputs"), list):
                cell["outputs"] = []
            cell.setdefault("execution_count", None)


def _require_bounded(data: bytes) -> None:
    """Raises UnreadableNotebookError for JSON of which objects are not to be made: too many values, or too deep ones."""
    bare, strings = _STRING.subn(b"", data, count=MAX_STRINGS)
    objects, values = bare.count(b"{"), bare.count(b",") + bare.count(b"[") + bare.count(b"{")
    if objects > MAX_OBJECTS or values > MAX_VALUES or strings == MAX_STRINGS:
        raise UnreadableNotebookError("holds millions of values: remove data and output from it")
    brackets = np.frombuffer(bare.translate(None, _NO_BRACKETS), dtype=np.uint8)
    depth = np.cumsum(np.where((brackets == ord("[")) | (brackets == ord("{")), 1, -1), dtype=np.int64)
    if depth.size and depth.max() > MAX_DEPTH:
        raise UnreadableNotebookError(f"is nested {depth.max()} deep, too deeply for a notebook")


def _as_format_4_has_it(notebook: Any) -> NotebookNode:
    """The notebook itself where it is valid; else what matters of it: the cells, without what they were shown to give."""
    try:
        nbformat.validate(notebook, relax_add_props=True)
    except (NotebookValidationError, ValueError):
        notebook.cells = [_essence(cell) for cell in notebook.cells]
        kernel = notebook.metadata.get("kernelspec") if isinstance(notebook.metadata, dict) else None
        notebook.metadata = {"kernelspec": kernel} if isinstance(kernel, dict) and "display_name" in kernel else {}
        notebook = nbformat.from_dict(notebook)
        nbformat.validate(notebook, relax_add_props=True)
    found: NotebookNode = notebook
    return found


def _essence(cell: Any) -> dict[str, Any]:
    """What a cell is for a grader. Raises ValueError, TypeError for what is no cell."""
    if cell["cell_type"] not in _KINDS or not isinstance(cell["source"], str):
        raise ValueError(f"a cell of the kind {str(cell['cell_type'])[:20]!r}")
    metadata = cell.get("metadata")
    nbgrader = {"nbgrader": metadata["nbgrader"]} if isinstance(metadata, dict) and "nbgrader" in metadata else {}
    kept = {"cell_type": cell["cell_type"], "source": cell["source"], "metadata": nbgrader}
    if "id" in cell:
        kept["id"] = cell["id"] if re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", cell["id"]) else generate_corpus_id()
    return kept | ({"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {})
