"""Reading a notebook as a program: which cells count, what IPython's lines become. Text alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submissions.cells import defines, readings, reviewed
from grader.wire.messages import Chunk


def names(programs) -> list[list[str]]:
    return [[chunk.name for chunk in program.chunks] for program in programs]


@pytest.mark.parametrize("source", [
    "def f(x):\n    pass", "class f(Base): pass", "x = 1\ndef  f (x): pass", "async def f(): pass", "f = lambda x: x", "f: int = 3",
])  # fmt: skip
def test_a_definition_at_the_top_level_is_found(source) -> None:
    assert defines(source, "f")


@pytest.mark.parametrize("source", ["def ff(x): pass", "f(3)", "f == 3", "    def f(x): pass", "g = f", "# def f"])
def test_what_is_none_is_not(source) -> None:
    assert not defines(source, "f")


def test_a_notebook_is_read_to_the_last_cell_that_answers_then_in_other_ways() -> None:
    cells = [
        Chunk("a", "import numpy"), Chunk("b", "def g(): pass"), Chunk("c", "def f(): pass"), Chunk("d", "def f(): 1"),
        Chunk("e", "f()"),
    ]  # fmt: skip
    found = readings(cells, ["f"], "solution-f", {"solution-g": ["g"]})
    assert names(found) == [["a", "b", "c", "d"], ["a", "c", "d"], ["a", "b", "c", "d", "e"], ["a", "b", "c", "d", "e"]]
    assert [program.mode for program in found] == ["cells", "cells", "cells", "definitions"]


def test_equal_readings_are_one() -> None:
    assert names(readings([Chunk("a", "def f(): pass")], ["f"], "solution-f", {})) == [["a"], ["a"]]


def test_a_cell_with_the_answers_name_answers_whatever_it_defines() -> None:
    assert names(readings([Chunk("a", "def h(): pass", "solution-f")], ["f"], "solution-f", {}))[0] == ["a"]


@pytest.mark.parametrize(
    "cells", [[], [Chunk("a", "1")], [Chunk("a", "def g(): pass")], [Chunk("a", "  ", "solution-f")]]
)
def test_no_answer_is_no_program(cells) -> None:
    assert readings(cells, ["f"], "solution-f", {}) == ()


@pytest.mark.parametrize(("line", "note"), [
    ("%matplotlib inline", "`%matplotlib`"), ("!pip install numpy", "`!pip`"), ("! ls", "`!ls`"),
    ("  %timeit f(3)", "`%timeit`"), ("np.sum?", "`np.sum?`"), ("??f", "`??f`"), ("%%time\nf()", "`%%time`"),
])  # fmt: skip
def test_what_only_ipython_understands_is_ignored_with_a_note(line, note) -> None:
    read = reviewed(Chunk("code cell 1", f"x = 1\n{line}\ny = 2"))
    assert read.notes == (f"{note} in code cell 1 was ignored",)
    assert not read.forbidden


@pytest.mark.parametrize(("line", "named"), [
    ("!curl http://example.org", "`!curl`"), ("!rm -rf /", "`!rm`"), ("%run other.py", "`%run`"),
    ("%%bash\nls", "`%%bash`"), ("%%writefile numpy.py\n1", "`%%writefile`"), ("files = !find /", "`!find after =`"),
    ("x = %sx ls", "`%sx after =`"), ("!!cat answers", "`!cat`"),
])  # fmt: skip
def test_what_runs_a_command_or_a_file_is_forbidden(line, named) -> None:
    assert reviewed(Chunk("code cell 1", line)).forbidden.startswith(f"{named} in code cell 1 runs a command")


@pytest.mark.parametrize("source", [
    '"""\n%run x\n!rm x\n"""', "'''\n!rm\n", "# !rm", "x = (a\n     % b)", "assert (a\n    != b)", 's = "!rm"',
    "x = 5 %run", "x = a %time",
])  # fmt: skip
def test_python_is_left_as_it_is(source) -> None:
    read = reviewed(Chunk("c", source))
    assert (read.cell.source, read.notes, read.forbidden) == (source, (), "")


def test_a_cell_of_another_language_is_no_program() -> None:
    assert reviewed(Chunk("c", "%%html\n<b>bold</b>")).cell.source == ""


def test_one_note_stands_for_all_questions_of_a_cell() -> None:
    read = reviewed(Chunk("code cell 1", "x = 1\nnp.sum?\ny = 2\n?f\n"))
    assert read.notes == ("`np.sum?` in code cell 1 was ignored, and other questions",)
    assert read.cell.source == "x = 1\n\ny = 2\n\n"


@pytest.mark.slow
@pytest.mark.parametrize("piece", [
    r'"\"', r"'\'", r"\"", " ", "a, ", "?f\n", "f?\n", "%time\n", "!ls\n", "!", "a.", "'''\"", "f:", "f ", "async ",
])  # fmt: skip
def test_a_mebibyte_of_anything_is_read_in_no_time(piece) -> None:
    """Where the time grows with the square of the length, this test does not end: nor would the grading of a class."""
    source = '"' + piece * (2**20 // len(piece))
    for text in (source, source[1:]):
        read = reviewed(Chunk("code cell 1", text))
        readings([read.cell], ("f",), "solution-f", {"solution-g": ("g",)})
        assert len(read.notes) <= 1


@given(st.text(alphabet="%!?abc=\n '\"#(runpip.", max_size=60))
def test_whatever_stands_there_is_read(source) -> None:
    read = reviewed(Chunk("c", source))
    assert read.forbidden or source.count("\n") >= read.cell.source.count("\n")
