"""What is still a stub, and what is an answer."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.building.compiler import compile_exercise
from grader.submissions.stub import MAX_STUB, is_stub, is_untouched_notebook
from grader.wire.messages import Chunk
from repository import course_here

ROOT = Path(__file__).parents[2]
STUB = '''"""The task."""

import numpy as np


def f(x: np.ndarray) -> np.ndarray:
    """Return f."""
    raise NotImplementedError
'''
TWO = STUB + "\n\ndef g():\n    raise NotImplementedError('not yet')\n"
CLASS = '''import torch

class Fn(torch.autograd.Function):
    """A function."""
    eps = 1e-6

    @staticmethod
    def forward(ctx, x):
        """y"""
        raise NotImplementedError

    @staticmethod
    def backward(ctx, grad):
        raise NotImplementedError()
'''


@pytest.mark.slow
@pytest.mark.parametrize("exercise", course_here().exercises(), ids=lambda exercise: exercise.id)
def test_every_stub_of_the_course_is_one_and_no_reference_is(exercise):
    course = course_here()
    # What stands in the stub is what the key asks for, which takes long to compile; one key is compared below.
    tree = ast.parse(course.stub(exercise).read_text(encoding="utf-8"))
    # A function that a stub gives whole is none that is asked for.
    names = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and "NotImplementedError" in ast.unparse(node)
    }
    assert is_stub(course.stub(exercise).read_text(encoding="utf-8"), names)
    assert not is_stub(course.reference(exercise).read_text(encoding="utf-8"), names)


def test_the_names_are_the_functions_of_the_answer_key():
    course = course_here()
    exercise = course.select(exercise="backprop_single").exercises()[0]
    assert is_stub(course.stub(exercise).read_text(encoding="utf-8"), compile_exercise(course, exercise).key.functions)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (STUB, ["f"]),
        (STUB.replace("\n", "\r\n"), ["f"]),
        (STUB.replace("The task", "The task as it was told last year"), ["f"]),
        (STUB + "\n\nprint('tried')\nx = 1\n", ["f"]),
        (STUB + "\n\ndef helper():\n    return 1\n", ["f"]),
        (STUB + "\n\nclass C:\n    def f(self):\n        self.f = f = 1\n", ["f"]),
        (STUB + "\n\ndef helper():\n    f = 1\n", ["f"]),
        (TWO, ["f", "g"]),
        (STUB, ["f", "g"]),
        ("async def f():\n    raise NotImplementedError\n", ["f"]),
        ("def f():\n    'doc'\n    'more'\n", ["f"]),
        ("from numpy import *\n" + STUB, ["f"]),
        (CLASS, ["Fn"]),
        ("class Fn:\n    'doc'\n", ["Fn"]),
        ("", ["f"]),
        ("# a comment\n", ["f"]),
        ('"""a docstring"""\nimport numpy as np\nfrom math import exp\n', ["f"]),
    ],
)
def test_a_stub_is_one_whatever_release_it_came_from(source, names):
    assert is_stub(source, names)


@pytest.mark.parametrize(
    "source",
    [
        STUB.replace("raise NotImplementedError", "return x"),
        STUB.replace("raise NotImplementedError", "pass"),
        STUB.replace("raise NotImplementedError", "..."),
        STUB.replace("raise NotImplementedError", "raise ValueError"),
        STUB.replace("raise NotImplementedError", "raise NotImplementedError(print(x))"),
        STUB.replace("raise NotImplementedError", "raise NotImplementedError from g"),
        STUB.replace("raise NotImplementedError", "return x\n    raise NotImplementedError"),
        STUB.replace("raise NotImplementedError", "def h():\n        raise NotImplementedError"),
        STUB.replace("def f", "@decorated\ndef f"),
        STUB + "\nf = lambda x: x\n",
        STUB + "\nf: object = abs\n",
        STUB + "\nf += 1\n",
        STUB + "\n(f := abs)\n",
        STUB + "\ndel f\n",
        STUB + "\nfor f in [abs]: pass\n",
        STUB + "\nwith x as f: pass\n",
        STUB + "\ntry: pass\nexcept E as f: pass\n",
        STUB + "\nmatch abs:\n    case f: pass\n",
        STUB + "\nimport f\n",
        STUB + "\nimport f.g\n",
        STUB + "\nfrom mine import f\n",
        STUB + "\nfrom mine import g as f\n",
        STUB + "\nfrom mine import *\n",
        STUB + "\nif True:\n    def f(x): return x\n",
        STUB + "\nif True:\n    def f(x): raise NotImplementedError\n",
        STUB + "\ndef g():\n    global f\n    f = abs\n",
        STUB + "\nglobals()['f'] = abs\n",
        STUB + "\ndef f(x): return x\n",
        STUB + "\nclass f: pass\n",
        "from mine import f\n",
        "f = abs\n",
        "x = 1\n",
        "def other(): raise NotImplementedError\n",
        "def f(x:\n    raise NotImplementedError\n",
        "print f\n",
        STUB + "\x00",
        STUB + "'\ud800'",
    ],
)
def test_what_is_more_or_cannot_be_parsed_is_an_answer(source):
    assert not is_stub(source, ["f"])


@pytest.mark.parametrize(
    "source",
    [
        TWO.replace("raise NotImplementedError('not yet')", "return 2"),
        CLASS.replace("raise NotImplementedError()", "return grad"),
        CLASS + "\nFn.forward = staticmethod(lambda ctx, x: x)\n",
        CLASS.replace("eps = 1e-6", "eps = compute()"),
        "class Fn:\n    pass\n",
        "class Fn:\n    eps = 1\n",
    ],
)
def test_one_function_or_method_that_was_written_is_an_answer(source):
    assert not is_stub(source, ["f", "g", "Fn"])


BODIES = st.lists(
    st.sampled_from(
        ["'text'", "raise NotImplementedError", "return 1", "pass", "...", "x = 1", "yield", "raise KeyError", "1",
         "f(1)", "import os", "def g(): raise NotImplementedError", "if 1: raise NotImplementedError", "b'text'",
         "f'text'", "raise NotImplementedError(x)", "raise", "assert 0"]
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@pytest.mark.slow
@given(BODIES)
def test_any_body_but_docstrings_and_raise_not_implemented_is_an_answer(body):
    source = "def f(x):\n" + "".join(f"    {line}\n" for line in body)
    assert is_stub(source, ["f"]) is (set(body) <= {"'text'", "raise NotImplementedError"})


PIECES = st.sampled_from(
    ["def f(x):", "\n", "    ", "raise", " NotImplementedError", "'''", "(", "f = ", "\x00", "@", "\ud800"]
)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=20).map("".join), st.binary().map(repr)))
def test_no_text_makes_it_raise(source):
    assert is_stub(source, ["f"]) in (True, False)


@pytest.mark.parametrize(
    "bomb",
    ["(" * 100_000, "[" * 50_000 + "]" * 50_000, "-" * 100_000 + "1", "not " * 50_000 + "1", "a" + ".b" * 100_000,
     "f" + "()" * 50_000, "1" + "+1" * 50_000, "1" + "**1" * 50_000, "lambda:" * 20_000 + "1", "1 if 1 else " * 20_000 + "1",
     "if 1:pass\n" + "elif 1:pass\n" * 20_000, "@a\n" * 50_000 + "def f(): pass", "with " + "a," * 50_000 + "a: pass",
     "a=" * 50_000 + "1", "1" * 100_000, "~" * 100_000 + "1", "x = f'" + "{" * 100_000, "\n" * 100_000, "\\\n" * 50_000,
     "".join(" " * level + "if 1:\n" for level in range(300))],
    ids=lambda bomb: bomb[:8],
)  # fmt: skip
@pytest.mark.parametrize("length", [MAX_STUB, 2**20])
def test_nested_and_endless_text_ends_quickly(bomb, length):
    """Within a bound that leaves a slow machine room; at its longest, and cut to what is parsed."""
    before = time.process_time()
    is_stub(bomb[:length], ["f"])
    is_stub(f"{STUB}\n{bomb}"[:length], ["f"])
    assert time.process_time() - before < 5


def test_what_is_longer_than_a_stub_is_an_answer_and_is_not_parsed(monkeypatch):
    monkeypatch.setattr(ast, "parse", lambda _: pytest.fail("parsed"))
    assert not is_stub(STUB + "#" * MAX_STUB, ["f"])


def test_a_text_is_parsed_once_however_many_exercises_it_may_be_a_stub_of(monkeypatch):
    """Fifty files of stubs cost a run a second for each exercise of the course, each time it looked for answers."""
    parsed: list[str] = []

    def counted(text):
        parsed.append(text)
        return ast.parse(text)

    monkeypatch.setattr("grader.submissions.stub.parse", counted)
    source = TWO + "\n# once\n"
    assert is_stub(source, ["f"])
    assert is_stub(source, ["g"])
    assert not is_stub(source, ["h"])
    assert parsed == [source]


def cells(*sources, grade_id=""):
    return [Chunk(f"code cell {number}", source, grade_id) for number, source in enumerate(sources, 1)]


def test_cells_that_are_longer_together_than_a_stub_are_an_answer_and_not_parsed(monkeypatch):
    """However many they are, parsing them takes no longer than parsing one."""
    many = cells(*[f"{STUB}# {number}\n" for number in range(MAX_STUB // len(STUB) + 1)])
    monkeypatch.setattr("grader.submissions.stub.parse", lambda _: pytest.fail("parsed"))
    assert not is_untouched_notebook(many, "f", ["f"], shared=True)


@pytest.mark.parametrize(
    ("found", "shared", "untouched"),
    [
        (cells("import numpy as np", STUB), False, True),
        (cells("%matplotlib inline\nimport numpy as np", STUB), False, True),
        (cells("x = 1", STUB, "print(1)"), True, True),
        (cells("%time\n" + STUB), True, True),
        (cells(STUB.replace("raise NotImplementedError", "return x")), True, False),
        (cells(STUB, "f = abs"), True, False),
        (cells(STUB, grade_id="solution-e") + cells("def f(x): return x"), True, False),
        (cells("x = 1", grade_id="solution-e"), True, False),
        (cells("x = 1"), True, True),
        (cells("x = 1"), False, False),
        (cells("import numpy"), False, True),
        ([], True, True),
        ([], False, True),
    ],
)
def test_a_notebook_is_untouched_when_the_cells_that_would_answer_are_stubs(found, shared, untouched):
    assert is_untouched_notebook(found, "e", ["f"], shared=shared) is untouched
