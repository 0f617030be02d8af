"""The code cells of notebooks: which count, how they are named, and what is no notebook."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submissions.notebook import NotebookError, notebook_chunks


def notebook(*cells: dict[str, Any]) -> bytes:
    """A notebook of format 4."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def code(text: str | list[str], **nbgrader: object) -> dict[str, Any]:
    """A code cell with outputs, and nbgrader's metadata where it is given."""
    metadata = {"nbgrader": nbgrader} if nbgrader else {}
    return {"cell_type": "code", "source": text, "metadata": metadata, "outputs": [{"text": "huge"}], "id": "a"}


def read(data: bytes) -> list[tuple[str, str]]:
    """Names and sources."""
    return [(chunk.name, chunk.source) for chunk in notebook_chunks(data)]


def test_code_cells_come_in_order_and_every_one_counts() -> None:
    """Numbers are those a student counts in the notebook: empty cells have one, text cells do not."""
    text = {"cell_type": "markdown", "source": "# x", "metadata": {}}
    data = notebook(text, code("a = 1"), code(" \n"), text, code(["%matplotlib inline\n", "!ls\n", "b = 2"]))
    assert read(data) == [("code cell 1", "a = 1"), ("code cell 3", "%matplotlib inline\n!ls\nb = 2")]


@pytest.mark.parametrize(("session", "runs"), [
    (">>> def f(x):\n...     return x\n...\n>>> y = 1", "def f(x):\n    return x\n\ny = 1"),
    ("In [1]: def f(x):\n   ...:     return x\n   ...: \n\nIn [12]: f(1)", "def f(x):\n    return x\n\n\nf(1)"),
    ("y = '''\n>>> f(1)\n'''", "y = '''\n>>> f(1)\n'''"), (">>>x", ">>>x"),
])  # fmt: skip
def test_what_was_copied_from_a_session_is_read_as_ipython_runs_it(session, runs) -> None:
    """Line by line, so that lines keep their numbers; a text with an example in it stays."""
    assert read(notebook(code(session))) == [("code cell 1", runs)]


def test_nbgraders_test_cells_are_left_out_and_its_others_kept() -> None:
    """Graded and not the student's to write is a test; answers, manual answers and locked helpers are not."""
    data = notebook(
        code("answer", grade=False, solution=True, locked=False),
        code("test", grade=True, solution=False, locked=True, points=3),
        code("helper", grade=False, solution=False, locked=True),
        code("manual", grade=True, solution=True, locked=False),
    )
    assert read(data) == [("code cell 1", "answer"), ("code cell 3", "helper"), ("code cell 4", "manual")]


def test_the_courses_own_checks_are_kept_for_their_place() -> None:
    data = notebook(code("answer", solution=True), code("points", grade=True, locked=True, grade_id="checks-f"))
    assert read(data) == [("code cell 1", "answer"), ("code cell 2", "points")]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_in_a_text_cell_is_read_if_it_is_python(kind) -> None:
    """A key pressed by accident; what a text cell says in words is no program, nor is a cell of another name."""
    text = {"solution": True, "grade": True, "grade_id": "solution-f"}
    cells = [
        code("def f(x):\n    return x", **text), code("It is x.", **text), code("def f(x): ...", solution=True, grade_id="essay"),
        code("def f(x): ...", solution=False, grade_id="solution-f"), {"cell_type": kind, "source": "def f(x): ...", "metadata": {}},
    ]  # fmt: skip
    data = notebook(code("x = 1"), *({**cell, "cell_type": kind} for cell in cells))
    assert read(data) == [("code cell 1", "x = 1"), (f"{kind} cell 1", "def f(x):\n    return x")]


@pytest.mark.parametrize("metadata", [None, 3, [], {"nbgrader": None}, {"nbgrader": {"grade": "yes", "solution": 0}}])
def test_malformed_metadata_says_nothing(metadata: object) -> None:
    """A cell whose metadata cannot be understood is the student's code."""
    assert read(notebook({**code("a"), "metadata": metadata})) == [("code cell 1", "a")]


@pytest.mark.parametrize("version", [2, 3])
def test_notebooks_with_worksheets_are_read(version: int) -> None:
    """Formats before 4 have `input` in cells in worksheets."""
    cells = [
        {"cell_type": "heading", "source": "t"},
        {"cell_type": "code", "input": ["a\n", "b"], "language": "python"},
    ]
    sheets = [{"cells": cells}, {"cells": [{"cell_type": "code", "input": "c"}]}]
    data = json.dumps({"nbformat": version, "worksheets": sheets}).encode()
    assert read(data) == [("code cell 1", "a\nb"), ("code cell 2", "c")]


def test_a_byte_order_mark_is_skipped() -> None:
    """Some editors put one in front."""
    assert read(b"\xef\xbb\xbf" + notebook(code("a"))) == [("code cell 1", "a")]


@pytest.mark.parametrize("number", [0xD83D, 0xDE00])
def test_half_a_character_costs_no_more_than_itself(number: int) -> None:
    """Output that was cut in the middle of an emoji says nothing of the code; in code it is a sign that nobody knows."""
    half = chr(number)
    printed = {**code("a = 1"), "outputs": [{"output_type": "stream", "text": f"...{half}"}]}
    assert read(notebook(printed, code(f"# {half}"))) == [("code cell 1", "a = 1"), ("code cell 2", "# \ufffd")]


@pytest.mark.parametrize("text", ["\U0001f600", "\\ud83d", "\\\\udc00", "\U0001f600\U0001f600", "\\U0001f600"])
def test_whole_characters_and_what_only_looks_like_half_of_one_stay(text: str) -> None:
    """Also beside a half, and behind backslashes of the program's own."""
    assert read(notebook(code(f"'{text}'"), code("'\ud83d'")))[0] == ("code cell 1", f"'{text}'")


DEEP = b"[" * 200_000 + b"]" * 200_000

BROKEN = {
    "empty": (b"", "not a notebook"),
    "Python": (b"def f(): pass", "not a notebook"),
    "cut off": (notebook(code("a"))[:-9], "not a notebook"),
    "UTF-16": (notebook(code("a")).decode().encode("utf-16"), "not a notebook"),
    "another JSON": (b"[1, 2]", "JSON, but not a notebook"),
    "no format": (b"{}", "JSON, but not a notebook"),
    "cell is text": (b'{"nbformat": 4, "cells": ["a"]}', r"JSON, but not a notebook.*cells\[0\]"),
    "format 5": (b'{"nbformat": 5, "cells": []}', "unknown format"),
    "format 1": (b'{"nbformat": 1, "cells": []}', "unknown format"),
    "deep outputs": (b'{"nbformat": 4, "cells": [{"cell_type": "code", "outputs": ' + DEEP + b"}]}", "too deeply"),
    "deep source": (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ' + DEEP + b"}]}", "too deeply"),
    "source of numbers": (notebook(code("a"), {"cell_type": "code", "source": [1]}), "source of code cell 2"),
    "Latin-1": (notebook(code("e")).replace(b'"e"', b'"\xe9"'), "source of code cell 1.*UTF-8"),
    "Latin-1 cell type": (b'{"nbformat": 4, "cells": [{"cell_type": "\xe9"}]}', "not UTF-8"),
    "too many cells": (notebook(*[{"cell_type": "raw"}] * 10_001), "10001 cells; at most 10000"),
}


@pytest.mark.parametrize(("data", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_notebook_is_one_sentence(data: bytes, words: str) -> None:
    """The student reads what is wrong, in one line."""
    with pytest.raises(NotebookError, match=words) as caught:
        notebook_chunks(data)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_the_code_of_a_notebook_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is on all code cells together, and is met before any text is built."""
    monkeypatch.setattr("grader.submissions.notebook.MAX_CODE_BYTES", 40)
    text = {"cell_type": "markdown", "source": "x" * 100}
    assert read(notebook(text, code("a" * 10), code("b" * 10)))
    with pytest.raises(NotebookError, match="more than"):
        notebook_chunks(notebook(code("a" * 20), code("b" * 20)))


sources = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.lists(st.tuples(st.sampled_from(["code", "markdown"]), sources, st.booleans(), st.booleans()), max_size=6))
def test_what_is_read_is_what_was_written(cells: list[tuple[str, str, bool, bool]]) -> None:
    """Any text survives, as one string or as lines, raw or escaped."""
    written = [
        {"cell_type": kind, "source": text.splitlines(keepends=True) if split else text, "outputs": [text]}
        for kind, text, split, _ in cells
    ]
    escaped = any(cell[3] for cell in cells)
    data = json.dumps({"nbformat": 4, "cells": written}, ensure_ascii=escaped).encode()
    texts = [text for kind, text, _, _ in cells if kind == "code"]
    assert read(data) == [(f"code cell {n}", text) for n, text in enumerate(texts, start=1) if text.strip()]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["nbformat", "cells", "cell_type", "source", "metadata", "nbgrader"]), inner)
    ),
)


@given(json_values.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=50))
def test_any_bytes_give_chunks_or_a_notebook_error(data: bytes) -> None:
    """Nothing that a student can put into the file raises anything else, and every chunk has code in it."""
    try:
        chunks = notebook_chunks(data)
    except NotebookError:
        return
    assert all(chunk.source.strip() for chunk in chunks)
