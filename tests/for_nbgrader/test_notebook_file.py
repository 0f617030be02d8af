"""A notebook file is bounded before it is parsed, and read in every form that Jupyter and students save it in."""

from __future__ import annotations

import contextlib
import json
import resource
import time
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.for_nbgrader.submitted.notebook_file import UnreadableNotebookError, notebook_of, read_notebook

TEXT = nbformat.writes(new_notebook(cells=[new_code_cell("x = 1", id="a"), new_markdown_cell("words", id="b")]))
HEAD = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ['


@pytest.mark.parametrize(("data", "said"), [
    (TEXT[:-2] + ',"x":[' + "{}," * 20_000_000 + "0]}", "holds millions of values"),
    (HEAD + "{}," * 20_000_000 + "{}]}", "holds millions of values"),
    (HEAD + ",".join(['{"cell_type":"raw","source":"","metadata":{}}'] * 10_001) + "]}", "10001 cells; at most 10000"),
    (TEXT[:-2] + ',"x":' + "[" * 3_000_000 + "]" * 3_000_000 + "}", "nested 3000001 deep"),
    ('"\\""' * 15_000_000, "holds millions of values"),
    ('"' + '\\"' * 30_000_000, "is not a notebook"),
    ("[" * 60_000_000, "holds millions of values"),
    (" " * (64 * 2**20 + 1), "is larger than 64 MiB"),
], ids=["objects", "cells of nothing", "cells", "depth", "texts", "a text without an end", "brackets", "size"])  # fmt: skip
@pytest.mark.slow
def test_a_file_made_to_be_large_is_refused_in_bounded_memory(data, said) -> None:
    bytes_, before = data.encode(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableNotebookError, match=said):
        notebook_of(bytes_)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_000_000  # kilobytes


def test_an_honest_notebook_of_much_output_is_read() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "[0.1, {2}], " * 2_000_000}
    notebook = json.loads(TEXT)
    notebook["cells"][0]["outputs"] = [output]
    assert notebook_of(json.dumps(notebook).encode()).cells[0].source == "x = 1"


@pytest.mark.parametrize("change", [
    lambda notebook: notebook["cells"][0].update(id=None),
    lambda notebook: notebook["cells"][0].update(id="two words"),
    lambda notebook: notebook["cells"][0].pop("id"),
    lambda notebook: notebook["cells"][0].update(outputs=None),
    lambda notebook: notebook["cells"][0].update(outputs=[{"output_type": "of another kind"}]),
    lambda notebook: notebook["cells"][0].update(execution_count="one"),
    lambda notebook: notebook["cells"][0].update(metadata=[]),
    lambda notebook: notebook["cells"][0]["metadata"].update(nbgrader=None),
    lambda notebook: notebook["cells"][0].update(outputs=[{"output_type": "stream", "name": "stdout", "text": "\ud83d"}]),
    lambda notebook: notebook["metadata"].update(title="\udc00"),
    lambda notebook: notebook["cells"][0].pop("metadata"),
    lambda notebook: notebook["cells"][0].update(source=["x ", "= 1"]),
    lambda notebook: notebook.pop("metadata"),
    lambda notebook: notebook.update(metadata={"kernelspec": "python", "authors": 3}),
])  # fmt: skip
def test_what_is_odd_beside_the_code_costs_nothing(change) -> None:
    notebook = json.loads(TEXT)
    change(notebook)
    read = notebook_of(json.dumps(notebook).encode())
    nbformat.validate(read)
    assert [cell.source for cell in read.cells] == ["x = 1", "words"]
    assert all(isinstance(cell.metadata.get("nbgrader", {}), dict) for cell in read.cells)
    nbformat.writes(read).encode()


def test_a_copied_cell_is_no_warning_of_the_graders(recwarn) -> None:
    """It would name a line of the grader's and no student."""
    notebook = json.loads(TEXT)
    notebook["cells"].append(notebook["cells"][0])
    ids = [cell.id for cell in notebook_of(json.dumps(notebook).encode()).cells]
    assert len(set(ids)) == len(ids) == 3
    assert not recwarn.list


@given(st.binary() | st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["nbformat", "cells", "metadata", "cell_type", "source", "outputs", "id"]), inner)).map(
    lambda thing: json.dumps(thing).encode()))  # fmt: skip
def test_any_bytes_are_a_valid_notebook_or_refused(data) -> None:
    with contextlib.suppress(UnreadableNotebookError):
        nbformat.validate(notebook_of(data))


def test_no_link_above_a_notebook_is_followed(tmp_path) -> None:
    place = tmp_path / "submitted" / "ada"
    place.mkdir(parents=True)
    (place / "a.ipynb").write_text(TEXT)
    (tmp_path / "submitted" / "bob").symlink_to(place)
    assert read_notebook(place / "a.ipynb", tmp_path).cells
    with pytest.raises(UnreadableNotebookError, match="bob is a link, which is not followed"):
        read_notebook(tmp_path / "submitted" / "bob" / "a.ipynb", tmp_path / "submitted")


def test_a_device_is_not_opened() -> None:
    started = time.monotonic()
    with pytest.raises(UnreadableNotebookError, match="not a file at all"):
        read_notebook(Path("/dev/zero"), Path("/"))
    assert time.monotonic() - started < 5
