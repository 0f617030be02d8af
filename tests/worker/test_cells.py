"""A cell of a notebook, compiled: what is left out of it, and that all else is as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.wire.messages import Chunk
from grader.worker.cells import Cell, ForbiddenImport, Refused, compile_cell, parse

ALLOWED = {"numpy", "math", "os", "__future__"}


def run(source: str, *, definitions: bool = False) -> tuple[dict[str, object], list[tuple[str, int]]]:
    """The names that a cell defines, and the imports that were left out of it."""
    cell = compile_cell(Chunk("cell", source), ALLOWED.__contains__, definitions=definitions)
    names: dict[str, object] = dict(cell.refused)
    exec(cell.code, names)  # noqa: S102  the test's own
    names.pop("__builtins__")
    return names, list(cell.imports)


@pytest.mark.parametrize(("source", "named", "imports"), [
    ("import math\nimport torch\nx = math.pi", ["math", "torch", "x"], [("torch", 2)]),
    ("import matplotlib.pyplot as plt", ["plt"], [("matplotlib", 1)]),
    ("import os.path, sklearn.svm, math as m", ["m", "os", "sklearn"], [("sklearn", 1)]),
    ("from scipy.special import expit, erf as e", ["e", "expit"], [("scipy", 1)]),
    ("from scipy import *", ["*"], [("scipy", 1)]), ("x = 1; import torch", ["torch", "x"], [("torch", 1)]),
    ("x = 1;\\\n from torch import nn", ["nn", "x"], [("torch", 2)]),
    ("import math, torch", ["math", "torch"], [("torch", 1)]), ("from math import pi, e", ["e", "pi"], []),
    ("from __future__ import annotations\nimport pandas\ndef f(x: Missing): pass", ["annotations", "f", "pandas"], [("pandas", 2)]),
    ("import math", ["math"], []), ("", [], []), ("%matplotlib inline\nx = 1", ["x"], []),
    ("if True:\n    %time x = 1\n    %time y[0] == 1\n%time z, w = 1, 2\n%timeit v = 1", ["w", "x", "z"], []),
])  # fmt: skip
def test_imports_that_are_not_allowed_are_left_out_and_named(source, named, imports) -> None:
    names, left_out = run(source)
    assert (sorted(names), left_out) == (sorted(named), imports)


def test_a_semicolon_elsewhere_needs_no_tree() -> None:
    """Most docstrings have one, and a tree costs as much as loading the program."""
    cell = compile_cell(
        Chunk("cell", '"""Rows; columns."""\nimport math\nx = 1; y = 2'), ALLOWED.__contains__, definitions=False
    )
    assert cell.body is None


@pytest.mark.parametrize("use", [
    "plt.plot([1])", "plt()", "plt[0]", "[*plt]", "plt + 1", "1 - plt", "plt @ plt", "-plt", "float(plt)", "len(plt)",
    "with plt: pass", "class Net(plt): pass",
])  # fmt: skip
def test_what_was_left_out_cannot_be_used(use) -> None:
    with pytest.raises(ForbiddenImport, match="import of 'matplotlib' is not allowed here"):
        run(f"import matplotlib.pyplot as plt\n{use}")


def test_an_import_that_is_tried_fails_as_the_program_expects() -> None:
    """Only what stands at the top of a cell is left out: `except ImportError` keeps its meaning."""
    names, left_out = run("try:\n    import no_such_package as xp\nexcept ImportError:\n    xp = None")
    assert (names, left_out) == ({"xp": None}, [])


@pytest.mark.parametrize("source", [
    "import math", "from math import pi", "def f():\n    return 1 / 0", "async def f(): ...", "class A:\n    x = 1",
    "eps = 1e-8", "a = b = [1, 2]", "x: float = 3.0", "f = lambda z: g(z)",
    "try:\n    import math\nexcept ImportError:\n    math = None",
])  # fmt: skip
def test_a_definition_is_kept_where_definitions_are_asked_for(source) -> None:
    assert run(source, definitions=True)[0].keys() == run(source)[0].keys() != set()


@pytest.mark.parametrize("source", [
    "while True: pass", "x = [i for i in range(10**9)]", "print(1)", "import_module('os')", "np.exp = None",
    "for i in range(9): x = i", "x = f()", "x += 1", "x: int", "if True:\n    x = 1", "del x", "assert False",
    "try:\n    x = f()\nexcept NameError:\n    pass",
])  # fmt: skip
def test_what_computes_is_not(source) -> None:
    assert run(source, definitions=True) == ({}, [])


def test_lines_of_an_exception_are_those_of_the_cell() -> None:
    code = compile_cell(
        Chunk("cell", "import torch\n\ndef f():\n    return 1"), ALLOWED.__contains__, definitions=False
    ).code
    assert code.co_consts[0].co_firstlineno == 3


def test_what_is_no_python_is_a_syntax_error_of_the_cell() -> None:
    with pytest.raises(SyntaxError) as raised:
        parse(Chunk("code cell 3", "x = 1\nprint x"))
    assert (raised.value.filename, raised.value.lineno) == ("code cell 3", 2)


@given(
    st.lists(
        st.sampled_from(
            ["x = 1", "import math", "import torch", "def f():\n    return 2", "y = [1]", "%time f()", "pass"]
        )
    )
)
def test_no_name_is_lost(statements) -> None:
    names, left_out = run("\n".join(statements))
    assert isinstance(names.get("torch", Refused("")), Refused)
    assert len(left_out) == statements.count("import torch")
    for name, statement in {"x": "x = 1", "math": "import math", "torch": "import torch", "y": "y = [1]"}.items():
        assert (name in names) == (statement in statements)


def left(source: str) -> tuple[dict[str, object], list[int], set[str]]:
    """What a cell defines where statements that raise are left out; the lines that raised; and the names lost with them."""
    names: dict[str, object] = {"__name__": "cell"}
    lines: list[int] = []
    lost: set[str] = set()
    cell = compile_cell(Chunk("cell", source), ALLOWED.__contains__, definitions=False)
    names |= cell.refused
    rest: Cell | None = cell
    while rest is not None:
        running, rest = rest, None
        try:
            exec(running.code, names)  # noqa: S102  the test's own
        except BaseException as error:  # noqa: BLE001
            lines.append(error.__traceback__.tb_next.tb_lineno)  # type: ignore[union-attr]
            rest, gone = running.without(error)
            lost |= gone
    del names["__builtins__"], names["__name__"]
    return names, lines, lost


@pytest.mark.parametrize(("source", "named", "lines", "lost"), [
    ("x = 1\ny = 1 / 0\nz = 3", ["x", "z"], [2], {"y"}),
    ("a = b = {}['k']\nc, (d, *e) = 1\nf = 1", ["f"], [1, 2], {"a", "b", "c", "d", "e"}),
    ("@missing\n@other\ndef f():\n    hidden = 1\n\ndef g(): return 1", ["g"], [1], {"f"}),
    ("class A(missing):\n    x = 1\nB = 2", ["B"], [1], {"A"}),
    ("x = [\n    1,\n    1 / 0,\n]\ny = 2", ["y"], [3], {"x"}),
    ("import torch\nx = torch.zeros(2)\ny = 2", ["torch", "y"], [2], {"x"}),
    ("for i in range(3):\n    j = 1 / (1 - i)\nk = 2", ["i", "j", "k"], [2], {"i", "j"}),
    ("with open('no such file') as file:\n    text = file.read()\nk = 2", ["k"], [1], {"file", "text"}),
    ("raise SystemExit\nk = 2", ["k"], [1], set()), ("import sys\nsys.exit()\nk = 2", ["k", "sys"], [2], set()),
    ("x = 1; y = 1 / 0; z = 3\nk = 2", ["k", "x", "z"], [1], {"y"}), ("1 / 0", [], [1], set()),
    ("x = [\n    1 / 0]; y = f(\n    2); z = 3", ["z"], [2, 2], {"x", "y"}),
    ("from math import nothing as n, pi\nk = 2", ["k"], [1], {"n", "pi"}),
    ("from __future__ import annotations\n1 / 0\ndef f(x: Missing): pass", ["annotations", "f"], [2], set()),
])  # fmt: skip
def test_a_statement_that_raises_is_left_out_and_the_next_ones_are_run(source, named, lines, lost) -> None:
    names, raised, gone = left(source)
    assert (sorted(names), raised, gone) == (sorted(named), lines, lost)


@given(
    st.lists(
        st.sampled_from(
            ["1 / 0", "def f():\n    return 1 / 0", "f()", "pass", "if True:\n    1 / 0\n    2", "'a\\\nb'[9]"]
        )
    )
)
def test_every_statement_that_raises_is_left_out_once(statements) -> None:
    source = "\n".join([*statements, "end = 1"])
    names, lines, _ = left(source)
    raising = [each for each in statements if each.startswith(("1", "f()", "if", "'"))]
    assert names["end"] == 1
    assert len(lines) == len(raising)
