"""Reading a notebook as a program: which cells count, what IPython's lines become. Text alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.submissions.cells import bound_in, is_answer, is_released, readings, reviewed
from grader.wire.messages import Chunk


def names(programs) -> list[list[str]]:
    return [[chunk.name for chunk in program.chunks] for program in programs]


@pytest.mark.parametrize("source", [
    "def f(x):\n    pass", "class f(Base): pass", "x = 1\ndef  f (x): pass", "async def f(): pass", "f = lambda x: x", "f: int = 3",
    "g = f = h", "a, f = 1, h", "f, *a = h, 1", "f, = h",
])  # fmt: skip
def test_a_definition_at_the_top_level_is_found(source) -> None:
    assert "f" in bound_in(source)


@pytest.mark.parametrize("source", [
    "try:\n    def f(x):\n        return x\nexcept Exception:\n    pass", "if True:\n\tf = g", "with g(1):\n  # so\n\n  def f(x): pass",
    "try:\n    import g\nexcept ImportError:\n    if g:\n        f = 1", "def g():\n    f = 2\nfor i in range(2):\n    class f: pass",
    "while g:\n    def h():\n        pass\n    f = h",
])  # fmt: skip
def test_so_is_one_in_a_block_that_python_runs_as_it_comes(source) -> None:
    assert "f" in bound_in(source)


@pytest.mark.parametrize("source", [
    "def g():\n    f = 2", "class g:\n    def f(self): pass", "if g:\n    def h():\n        f = 1", "g(\n    f=1,\n)", "if g:\n    h(\n        f=1,\n    )",
    "g(1, f=2)", "h = lambda x, f=1: x", "if f:\n    g = f",
])  # fmt: skip
def test_what_belongs_to_another_function_or_a_call_is_none(source) -> None:
    assert "f" not in bound_in(source)


@pytest.mark.parametrize("filling", [" ", "f,", "f, ", "f=f,", "*f,", "\t,", "f: ", "ff"])
def test_a_long_line_costs_time_in_proportion_to_its_length(filling) -> None:
    """What would try each of its parts with each other one would not end here."""
    assert "f" not in bound_in("f" + filling * 200_000 + " + 1") or "=" in filling


def test_what_released_cells_import_is_found_in_time_in_proportion_to_their_length() -> None:
    """A student gives a cell any name: for a line of spaces in one that was named as ours the run stood still for hours."""
    cells = [Chunk("a", "def f(): pass"), Chunk("b", "import " + " " * 400_000 + "\\", "examples-f")]
    assert names(readings(cells, ["f"], "f", {}))[0] == ["a"]


@pytest.mark.parametrize("source", ["def ff(x): pass", "f(3)", "f == 3", "    def f(x): pass", "g = f", "# def f"])
def test_what_is_none_is_not(source) -> None:
    assert "f" not in bound_in(source)


def test_all_names_are_found_at_once() -> None:
    source = "a, *b = c = d\ndef e(f=1):\n    g = 2\nif h:\n    i: int = 3\nj == k\nclass l: m = 4\nn[0] = o.p = 5\n"
    assert bound_in(source) == {*"abceil"}


def test_a_long_notebook_is_looked_through_once_however_many_names_are_asked_for() -> None:
    """A cell of half a million lines that mentions every function of the course: for one of ten seconds were lost for each."""
    others = {f"other{number}": (f"function_{number}",) for number in range(30)}
    mentioned = "# " + " ".join(name for names in others.values() for name in names) + "\n"
    cells = [Chunk("a", mentioned + "a\n" * 100_000), Chunk("b", "def f(): pass")]

    def seconds(asked) -> float:
        began = time.process_time()
        assert len(readings(cells, ["f"], "f", asked)) > 1
        return time.process_time() - began

    assert seconds(others) < 4 * seconds(dict(list(others.items())[:1]))


def modes(programs) -> list[str]:
    return [f"{program.mode}{' to the rescue' * program.rescue}" for program in programs]


def test_a_notebook_is_read_to_the_last_cell_that_answers_then_in_other_ways() -> None:
    cells = [
        Chunk("a", "import numpy"), Chunk("b", "def g(): pass"), Chunk("c", "def f(): pass"), Chunk("d", "def f(): 1"),
        Chunk("e", "f()"),
    ]  # fmt: skip
    found = readings(cells, ["f"], "f", {"g": ["g"]})
    assert [*zip(map("".join, names(found)), modes(found), strict=True)] == [
        ("abcd", "all"), ("abc", "all"), ("acd", "all to the rescue"), ("abcde", "all to the rescue"),
        ("abc", "definitions to the rescue"), ("abcde", "definitions to the rescue"),
    ]  # fmt: skip


LATER = Chunk("later", "def f(x): pass")


@pytest.mark.parametrize(("cells", "shown"), [
    ([Chunk("a", "def f(): 1"), Chunk("b", "x = 1"), Chunk("c", "", "checks-f"), LATER], "ab"),
    ([Chunk("a", "def f(): 1", "solution-f"), Chunk("b", "x = 1"), LATER], "a"),
    ([Chunk("a", "def f(): 1"), Chunk("b", "x = 1"), LATER], "a"),
    ([Chunk("c", "", "checks-f"), Chunk("a", "def f(): 1"), LATER], "a"),
    ([Chunk("a", "def f(): 1", "solution-f"), Chunk("c", "", "checks-g"), Chunk("b", "x = 1"), Chunk("d", "1", "checks-f"), LATER], "ab"),
])  # fmt: skip
def test_what_stood_above_the_checks_counts_as_well(cells, shown) -> None:
    """Down to the cell of the exercise's own checks; without one to its own answer, or to where all is defined."""
    last, earlier, *_ = readings(cells, ["f"], "f", {})
    assert last.chunks[-1] == LATER
    assert "".join(chunk.name for chunk in earlier.chunks) == shown
    assert (last.later, earlier.later, earlier.rescue) == ((), (LATER,), False)


def test_where_all_functions_are_defined_counts_in_a_notebook_without_names() -> None:
    cells = [Chunk("a", "def f(): 1"), Chunk("b", "def g(): 1"), Chunk("c", "def g(): 2")]
    assert names(readings(cells, ["f", "g"], "e", {}))[:2] == [["a", "b", "c"], ["a", "b"]]


def test_of_the_courses_own_cells_the_imports_come_first_and_nothing_else_is_run() -> None:
    cells = [
        Chunk("a", "def f(): return np.pi", "solution-f"), Chunk("b", "import numpy as np\n\n\ndef examples_of_f():\n    import os\n", "examples-f"),
        Chunk("c", "import os\nfrom os import (\n  path)\nimport numpy as np\nraise RuntimeError\n", "checks-f"),
    ]  # fmt: skip
    found = readings(cells, ["f"], "f", {})
    assert names(found) == [["the course's own cells", "a"]] * 2
    assert found[0].chunks[0].source == "import numpy as np\nimport os"


def test_equal_readings_are_one() -> None:
    assert names(readings([Chunk("a", "def f(): pass")], ["f"], "f", {})) == [["a"], ["a"]]


def test_a_cell_with_the_answers_name_answers_whatever_it_defines() -> None:
    assert names(readings([Chunk("a", "def h(): pass", "solution-f")], ["f"], "f", {}))[0] == ["a"]


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [Chunk("a", "1")],
        [Chunk("a", "def g(): pass")],
        [Chunk("a", "  ", "solution-f")],
        [Chunk("a", "def f(): 1", "examples-f")],
    ],
)
def test_no_answer_is_no_program(cells) -> None:
    assert readings(cells, ["f"], "f", {}) == ()


CELLS = st.builds(
    Chunk, st.uuids().map(str), st.sampled_from(["", "def f(): 1", "def g(): 2", "x = 1", "import numpy as np"]),
    st.sampled_from(["", "solution-f", "solution-g", "examples-f", "checks-f", "checks-g", "other"]),
)  # fmt: skip


@given(st.lists(CELLS, max_size=8))
def test_the_readings_are_few_and_each_holds_cells_of_the_notebook_in_their_order(cells) -> None:
    found = readings(cells, ["f"], "f", {"g": ["g"]})
    assert len(found) <= 6
    for program in found:
        mine = [chunk for chunk in program.chunks if chunk in cells]
        assert mine == [cell for cell in cells if cell in mine]
        assert program.own & {chunk.name for chunk in program.chunks}
        assert not any(is_released(chunk) for chunk in program.chunks)


@pytest.mark.parametrize(("grade_id", "source", "is_one"), [
    ("solution-f", "def f(x):\n    return x", True), ("solution-f", "# My answer\nclass F(Function):\n    pass", True),
    ("solution-f", "The derivative is 2 x, since f(x) = x^2.", False), ("solution-f", "default is def f", False),
    ("essay", "def f(x): ...", False), ("solution-f", "", False),
])  # fmt: skip
def test_an_answer_in_a_text_cell_is_one_that_defines_something(grade_id, source, is_one) -> None:
    assert is_answer(grade_id, source) is is_one


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
        readings([read.cell], ("f",), "f", {"g": ("g",)})
        assert len(read.notes) <= 1


@given(st.text(alphabet="%!?abc=\n '\"#(runpip.", max_size=60))
def test_whatever_stands_there_is_read(source) -> None:
    read = reviewed(Chunk("c", source))
    assert read.forbidden or source.count("\n") >= read.cell.source.count("\n")
