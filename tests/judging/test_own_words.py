"""What is told of an exception that hidden inputs could be in: Python's own sentences, and nothing of a student's making."""

from __future__ import annotations

import msgspec
import pytest

from grader.judging.exceptions import left_out, withheld
from grader.judging.own_words import MAX_LINES, MAX_NAMES, Program, own_words
from grader.wire.messages import Raised, Returned, Stopped
from grader.wire.values import Nothing

HONEST = [
    "prnt(1)",
    "open('data.csv')",
    "import numpy as np\nnp.loadtxt('data.csv')",
    "import numpyy",
    "import matplotlib.pyplott",
    "from math import sinn",
    "import math\nmath.sinn(1)",
    "import os.path\nos.path.joyn()",
    "(1).real_part",
    "def f(a, b): pass\nf()",
    "def f(a): pass\nf(1, 2, 3)",
    "def f(a): pass\nf(a=1, b=2)",
    "class C:\n    def f(self): pass\nC().f(1)",
    "f = 1\nf()",
    "x = None\nx[0]",
    "x = 1\nlen(x)",
    "for i in 1: pass",
    "1 + 'a'",
    "'a' + 1",
    "None < 1",
    "a, b = 1, 2, 3",
    "a, b, c = 1, 2",
    "1 / 0",
    "[][1]",
    "d = {}\nd['weights']",
    "def f():\n    y\n    y = 1\n    del y\n    y\nf()",
    "def f():\n    f()\nf()",
    "import numpy as np\nif np.zeros(3) == 0: pass",
    "import numpy as np\nnp.ones((3, 2)) + np.ones((2, 3))",
    "import numpy as np\nnp.ones((3, 2)) @ np.ones((3, 2))",
    "import numpy as np\nnp.dot(np.ones((3, 2)), np.ones((3, 2)))",
    "import numpy as np\nnp.ones(6).reshape(2, 4)",
    "import numpy as np\nnp.ones(3)[5]",
    "import numpy as np\nnp.ones(3)[0, 1]",
    "import numpy as np\nnp.ones(3).sum(axis=1)",
    "import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))",
    "import numpy as np\nnp.zeros((2, 2))[0] = np.ones(3)",
    "import numpy as np\nnp.concatenate([np.ones((2, 2)), np.ones((3, 3))])",
    "import numpy as np\nnp.stack([np.ones(2), np.ones(3)])",
    "import numpy as np\na = np.ones(2)\na.flags.writeable = False\na[0] = 1",
    "def f(\n",
    "def f():\nreturn 1",
    "def f()\n    return 1",
    "x = (1, 2",
    "x = 1)",
    "x = [1, 2)",
    "x = 'abc",
    "x = '''abc",
    "return 1",
    "break",
    "if x = 1: pass",
    "x = 1 2",
    "f() = 1",
    "print 1",
    "def f(a, a): pass",
    "f(a=1, 2)",
    "for x in y\n    pass",
    "if True:\nx = 1",
    "  x = 1",
    "if 1:\n        x = 1\n    y = 2",
    "x = 1a",
    "else: pass",
    "try:\n    pass\nx = 1",
    "x = 5 +",
]


def exception(source: str) -> BaseException:
    try:
        exec(compile(source, "answer.py", "exec"), {"__name__": "answer"})  # noqa: S102
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError(source)


@pytest.mark.parametrize("source", HONEST)
def test_what_python_says_of_an_honest_mistake_is_told(source: str) -> None:
    """In whole, or without what stands behind it: a path, a shape, a hint."""
    error = exception(source)
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    kind = next(base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins")
    found = own_words(message, Program({"answer.py": source}), kind)
    assert found, (type(error).__name__, message)
    assert message.startswith(found)
    assert len(found) >= 0.6 * min(len(message), 40)


@pytest.mark.parametrize(
    "source", ["def f(x): pass\nf(1, 2, 3)", "def f(x, y): pass\nf(1, 2, 3)", "def f(): pass\nf(1)"]
)
def test_how_many_arguments_were_given_is_told_too(source: str) -> None:
    """That a function takes one says nothing to who does not see the call."""
    message = str(exception(source))
    assert own_words(message, Program({"answer.py": source}), "TypeError") == message


SOURCE = """\
def vjp_linear(x, v):
    # w0 w1 w2
    words = "name is not defined HIDDEN"
    return words
"""


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("ValueError", "HIDDEN 2.2389160484664448"),
        ("NameError", "name 'x2389160484664448' is not defined"),
        ("NameError", "name 'x name words' is not defined"),
        ("NameError", "is is defined not name is defined"),
        ("AttributeError", "module 'w0.w1.w2.w0.w1' has no attribute 'w2'"),
        ("ModuleNotFoundError", "No module named 'x_2_2389'"),
        ("SyntaxError", "HIDDEN invalid syntax"),
        ("SyntaxError", "w0 w1 w1 w0 w2"),
        ("FileNotFoundError", "x2389160484664448 not found."),
        ("KeyError", "2.2389160484664448"),
        ("KeyError", "'2389160484664448'"),
        ("ForbiddenImport", "import of 'x2389160484664448' is not allowed here"),
        ("TypeError", "f() takes 2389160484664448 positional arguments"),
        ("an exception", "anything"),
        ("AssertionError", "vjp_linear"),
        ("Exception", "x"),
    ],
)
def test_a_text_of_the_students_making_is_not(kind: str, message: str) -> None:
    """Not even one that is spelt in Python's words and the source's names."""
    assert own_words(message, Program({"answer.py": SOURCE}), kind) == ""


def test_what_stands_behind_a_sentence_is_cut_off() -> None:
    """The sentence is told, whatever a student puts after it."""
    program = Program({"answer.py": SOURCE})
    assert own_words("name 'x' is not defined. HIDDEN 2.23", program, "NameError") == "name 'x' is not defined"
    assert own_words("invalid syntax HIDDEN", program, "SyntaxError") == "invalid syntax"
    forged = "expected an indented block after 'x238916' statement on line 3"
    assert own_words(forged, program, "IndentationError") == "expected an indented block"
    message = "cannot import name 'x' from 'v' (/home/me/v.py)"
    assert own_words(message, program, "ImportError") == "cannot import name 'x' from 'v'"


def test_of_the_functions_that_there_are_those_of_the_source_may_be_named() -> None:
    program = Program({"answer.py": SOURCE})
    assert own_words("words, vjp_linear_2389, vjp_linear", program, "MissingFunction") == "words, vjp_linear"


def test_among_too_many_names_none_is_told() -> None:
    few, many = (Program({"a.py": " ".join(f"n{i}" for i in range(count))}) for count in (MAX_NAMES, MAX_NAMES + 1))
    assert own_words("name 'n7' is not defined", few, "NameError") == "name 'n7' is not defined"
    assert own_words("name 'n7' is not defined", many, "NameError") == ""
    assert own_words("division by zero", many, "ZeroDivisionError") == "division by zero"


def test_a_line_is_told_where_it_has_code_and_there_are_few() -> None:
    """Blank lines and comments are no lines to choose from, and none of more than 256 lines of code is told."""
    source = "x = 1\n\n  \n# a comment\n" + "\n" * 10**5 + "y = 2"
    program = Program({"a.py": source})
    assert [line for line in range(10**5 + 9) if program.shows("a.py", line)] == [1, 10**5 + 5]
    assert not program.shows("b.py", 1)
    assert not program.shows("a.py", -1)
    halves = dict.fromkeys(("cell 1", "cell 2"), "x = 1\n" * (MAX_LINES // 2))
    assert Program(halves).shows("cell 2", 3)
    assert not Program({**halves, "cell 3": "x"}).shows("cell 2", 3)


def test_what_is_withheld_is_what_a_hidden_input_could_be_in() -> None:
    program = Program({"a.py": SOURCE, "b.py": "\n"})
    loading = Raised("ValueError", "HIDDEN 2.23", "a.py", 2, loading=True)
    for public in (True, False):
        assert withheld(loading, program, public=public) == Raised("ValueError", "", "", 0, loading=True)
    at_code = msgspec.structs.replace(loading, line=1)
    assert withheld(at_code, program, public=True) == Raised("ValueError", "", "a.py", 1, loading=True)
    called = Raised("ValueError", "HIDDEN 2.23", "b.py", 1)
    assert withheld(called, program, public=True) == msgspec.structs.replace(called, message="")
    assert withheld(called, program, public=False) == msgspec.structs.replace(called, chunk="", line=0)
    honest = Raised("ZeroDivisionError", "division by zero", "a.py", 1)
    assert withheld(honest, program, public=True) == honest
    for other in (Returned(Nothing()), Stopped("time")):
        assert withheld(other, program, public=False) is other


def test_a_note_on_a_statement_or_a_cell_is_held_to_the_same() -> None:
    program = Program({"cell 2": SOURCE})
    custom = Raised("ValueError", "HIDDEN 2.23", "cell 2", 3, loading=True)
    assert left_out(custom) == "cell 2, line 3 raises ValueError (HIDDEN 2.23); that statement was left out"
    assert left_out(custom, program) == "cell 2, line 3 raises ValueError; that statement was left out"
    assert left_out(msgspec.structs.replace(custom, line=2), program) == (
        "a statement raises ValueError; that statement was left out"
    )
    package = Raised("ForbiddenImport", "import of 'x_2_23' is not allowed here", "cell 2", 1, loading=True)
    assert left_out(package, program) == "cell 2, line 1: a forbidden import, and was left out"
    unread = Raised("SyntaxError", "HIDDEN 2.23", "cell 2", 1, loading=True)
    assert left_out(unread) == "Python cannot read cell 2 at line 1 (HIDDEN 2.23); all of it was left out"
    assert left_out(unread, program) == "Python cannot read cell 2 at line 1; all of it was left out"
    assert (
        left_out(msgspec.structs.replace(unread, line=2), program)
        == "Python cannot read a cell; all of it was left out"
    )
