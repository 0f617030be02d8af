"""What students hand in as it is, run in the sandbox: what their answer does not need costs no points, and what it needs is told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from grader.course.model import Exercise
from grader.grading.attempt import attempt
from grader.grading.pool import Pool
from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
from grader.judging.judge import no_judge
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.sandbox.limits import Limits
from grader.submissions.program import Source, source_of_cells
from grader.wire.messages import Chunk
from grader.wire.values import pack

EXERCISE = Exercise("double", "a", Limits(cpu_seconds=1, wall_seconds=1.0), "numpy", ())
CHECK = CheckKey(
    name="c", claim="doubles", public=True, function="double", points=2.0, parts={}, readonly=False, strict=False,
    judge="", driver="", keep=False, arguments=("x",), cases=tuple(CaseKey((pack(x),), pack(2 * x)) for x in (1.0, 3.0)),
)  # fmt: skip
TRIPLES = CheckKey(
    name="t", claim="triples", public=False, function="triple", points=1.0, parts={}, readonly=False, strict=False,
    judge="", driver="", keep=False, arguments=("x",), cases=(CaseKey((pack(2.0),), pack(6.0)),),
)  # fmt: skip
RIGHT = "def double(x):\n    return 2 * x\n"


@pytest.fixture(scope="module")
def graded():
    """Grades the cells of a notebook, or one file."""
    with Pool() as pool:

        def grade(
            *cells: str | tuple[str, str], name: str = "code cell {}", checks=(CHECK,), limits=EXERCISE.limits
        ) -> ExerciseResult:
            pairs = [(cell, "") if isinstance(cell, str) else cell for cell in cells]
            chunks = [Chunk(name.format(number), *pair) for number, pair in enumerate(pairs, start=1)]
            key = AnswerKey(exercise="double", misconceptions={}, hints=(), checks=checks)
            source = source_of_cells(chunks, "the notebook")
            assert isinstance(source, Source)
            source = replace(source, notebook="cell" in name)
            with pool.bench() as bench:
                return attempt(
                    bench, replace(EXERCISE, limits=limits), key, source, {"other": ["half"]}, no_judge
                ).result

        yield grade


NOT_NEEDED = {
    "import matplotlib.pyplot as plt": "import of 'matplotlib' is not allowed here, and was left out",
    "import no_such_module": "import of 'no_such_module' is not allowed here, and was left out",
    "name = input('Your name? ')": "raises EOFError",
    "rows = open('data.csv').read()": "raises FileNotFoundError",
    "print(double('2') + 1)": "that statement was left out",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()": "import of 'matplotlib' is not allowed here",
    "assert 1 == 2, 'no'": "raises AssertionError",
    "raise SystemExit": "raises SystemExit",
}


@pytest.mark.parametrize("line", NOT_NEEDED)
@pytest.mark.parametrize("place", ["above", "below"])
def test_what_the_answer_does_not_need_costs_nothing_in_a_file_and_in_a_notebook(graded, line, place) -> None:
    source = f"{line}\n{RIGHT}" if place == "above" else f"{RIGHT}{line}\n"
    for name in ("double.py", "code cell {}"):
        found = graded(source, name=name)
        assert (found.verdict, found.score) == (Verdict.ACCEPTED, 2.0)
        number = 1 if place == "above" else 3
        assert any(note.startswith(f"{name.format(1)}, line {number}") for note in found.notes)
        assert any(NOT_NEEDED[line] in note for note in found.notes)


@pytest.mark.slow
def test_a_loop_outside_of_all_functions_costs_nothing_either(graded) -> None:
    found = graded(f"import math\n{RIGHT}while True:\n    pass\n", name="double.py")
    assert (found.verdict, found.score) == (Verdict.ACCEPTED, 2.0)
    assert found.notes[0].startswith("what your program computes outside of its functions was left out")


@pytest.mark.parametrize(("source", "verdict", "told"), [
    ("rows = open('data.csv').read()\ndef double(x):\n    return len(rows) * x", Verdict.RUNTIME_ERROR, "raised FileNotFoundError at double.py, line 1"),
    ("rows = open('data.csv').read()\nscale = len(rows)\ndef double(x):\n    return scale * x", Verdict.RUNTIME_ERROR, "raised FileNotFoundError at double.py, line 1"),
    ("@missing\ndef double(x):\n    return 2 * x", Verdict.RUNTIME_ERROR, "raised NameError at double.py, line 1: name 'missing' is not defined"),
    ("import helper\ndef double(x):\n    return helper.double(x)", Verdict.FORBIDDEN, "a forbidden import at double.py, line 3: import of 'helper' is not allowed here"),
    ("from helper import double", Verdict.FORBIDDEN, "a forbidden import at double.py, line 1: import of 'helper' is not allowed here"),
    ("from helper import *", Verdict.FORBIDDEN, "a forbidden import at double.py, line 1: import of 'helper' is not allowed here"),
    ("def double(x):\n    return typo * x", Verdict.RUNTIME_ERROR, "raised NameError at double.py, line 2: name 'typo' is not defined"),
    ("def double(x) return x", Verdict.RUNTIME_ERROR, "Python cannot read it at double.py, line 1"),
    ("def doubled(x): return 2 * x\n1 / 0", Verdict.RUNTIME_ERROR, "did you rename it to `doubled`?"),
])  # fmt: skip
def test_what_the_answer_needs_is_told_as_what_it_is(graded, source, verdict, told) -> None:
    found = graded(source, name="double.py")
    assert (found.verdict, found.score) == (verdict, 0.0)
    assert told in found.checks[0].feedback


KEEPING = {
    "a list at the top level": "found = []\ndef double(x):\n    found.append(2 * x)\n    return sum(found)\n",
    "a default argument": "def double(x, found=[]):\n    found.append(2 * x)\n    return sum(found)\n",
    "a cache without a key": "cache = {}\ndef double(x):\n    return cache.setdefault('answer', 2 * x)\n",
    "what raises the next time": "left = [2]\ndef double(x):\n    return left.pop() * x\n",
}


@pytest.mark.parametrize("source", KEEPING.values(), ids=KEEPING)
def test_what_is_kept_from_one_call_to_the_next_is_told(graded, source) -> None:
    """The call that is not right is right where nothing came before it."""
    found = graded(source, name="double.py")
    assert found.score == 0.0
    (note,) = found.notes
    assert note.startswith("what `double` returns depends on the calls before")


@pytest.mark.parametrize(
    "body", ["return x", "return 2 if x > 2 else 2 * x", "raise ValueError", "return 1 / 0 if x > 2 else 2 * x"]
)
def test_what_is_wrong_by_itself_is_not_laid_to_the_calls_before(graded, body) -> None:
    assert graded(f"def double(x):\n    {body}\n", name="double.py").notes == ()


SOLUTION, EXAMPLES, CHECKS = "solution-double", "examples-double", "checks-double"
AGAIN = "def double(x):\n    return x\n"


@pytest.mark.parametrize("cells", [
    [(RIGHT, SOLUTION), ("x = 1", CHECKS), AGAIN], [(RIGHT, SOLUTION), AGAIN], [RIGHT, "x = 1", AGAIN],
    [("factor = 2\ndef double(x):\n    return factor * x", SOLUTION), ("", CHECKS), "factor = 3\ndef double(x): return factor"],
    [("def double(x):\n    return helper(x)", SOLUTION), "def helper(x):\n    return x + x", ("pass", CHECKS), AGAIN],
])  # fmt: skip
def test_a_later_cell_of_the_same_name_costs_nothing_and_is_named(graded, cells) -> None:
    found = graded(*cells)
    assert (found.verdict, found.score) == (Verdict.ACCEPTED, 2.0)
    named = f"`double` is defined again in code cell {len(cells)}: what stood above that cell counts"
    assert any(note.startswith(named) for note in found.notes)


@pytest.mark.parametrize("cells", [
    ["factors = {}", "def double(x):\n    return factors['x'] * x", "factors['x'] = 2"],
    ["class Doubler:\n    pass\nd = Doubler()", "def double(x):\n    return d.times(x)", "Doubler.times = lambda self, x: 2 * x"],
    ["class double:\n    def __init__(self, x):\n        self.x = x\n    def __new__(cls, x):\n        return cls.of(x)", "double.of = staticmethod(lambda x: 2 * x)"],
    ["rules = []", "def double(x):\n    return rules[0](x)", "@rules.append\ndef _(x):\n    return x + x"],
], ids=["a dict", "a method", "a class", "a registry"])  # fmt: skip
def test_what_a_later_cell_fills_in_is_there_as_it_is_when_all_is_run(graded, cells) -> None:
    """Above it the answer raises some exception or other: no cell below defines what it names."""
    found = graded(*cells)
    assert (found.verdict, found.score) == (Verdict.ACCEPTED, 2.0)


def test_the_last_state_counts_where_it_is_the_better_one(graded) -> None:
    found = graded((AGAIN, SOLUTION), ("pass", CHECKS), RIGHT)
    assert (found.verdict, found.notes) == (Verdict.ACCEPTED, ())


def test_what_the_courses_own_cells_import_is_there_as_in_jupyter(graded) -> None:
    """And what they do besides is not run."""
    examples = "import numpy as np\n\n\ndef examples_of_double():\n    assert double(1) == 2\n\n\nraise SystemExit\n"
    found = graded(
        ("def double(x):\n    return np.add(x, x)", SOLUTION), (examples, EXAMPLES), ("import os\n1 / 0", CHECKS)
    )
    assert (found.verdict, found.notes) == (Verdict.ACCEPTED, ())


def test_a_function_that_was_renamed_is_told_whatever_other_cells_hold(graded) -> None:
    found = graded("TODO: ask the tutor about this", ("def doubled(x):\n    return 2 * x", SOLUTION))
    assert "did you rename it to `doubled`?" in found.checks[0].feedback
    assert found.notes == ("Python cannot read code cell 1 at line 1 (invalid syntax); all of it was left out",)


@pytest.mark.slow
def test_each_function_has_its_own_reason(graded) -> None:
    """One that does not end, one that is missing, and a cell of another exercise that Python cannot read."""
    loops = "def double(x):\n    while True: pass"
    found = graded("def half(x) return x", (loops, SOLUTION), checks=(CHECK, TRIPLES))
    assert [check.verdict for check in found.checks] == [Verdict.TIME_LIMIT_EXCEEDED, Verdict.RUNTIME_ERROR]
    assert "your file defines no function `triple`" in found.checks[1].feedback


@pytest.mark.slow
def test_a_student_who_hangs_is_waited_for_once(graded, monkeypatch) -> None:
    """In whatever ways the notebook might be read: two stops of the function, in one reading."""
    from grader.grading import attempt as attempts  # noqa: PLC0415

    ran: list[str] = []
    run = attempts.run_and_judge

    def counted(*given, **named):
        ran.append(given[4])
        return run(*given, **named)

    monkeypatch.setattr(attempts, "run_and_judge", counted)
    loops = "def double(x):\n    while True: pass"
    found = graded((loops, SOLUTION), ("", CHECKS), "1 / 0", RIGHT.replace("2", "3"), loops, limits=Limits(1, 0.5))
    assert (found.verdict, len(ran)) == (Verdict.TIME_LIMIT_EXCEEDED, 1)
