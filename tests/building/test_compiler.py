"""Compiling an answer key: what it holds, what it depends on, and what an author is told whose files are wrong."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.building.compiler import compile_exercise, load_module
from grader.course.course_yml import load_course
from grader.errors import CourseError
from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey, decode_key, digest, encode_key
from grader.wire.values import Code, Nothing, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.model import Course


REFERENCE = """\
import numpy as np


def sigmoid_grad(z):
    return np.square(z) + 1


def both(a, b):
    return a + b, a * b
"""
IMPORTS = "import numpy as np\nfrom grader import check, misconception\n"
DECORATORS = "from grader import check, derivative_of\n"
CHECKS = f'''{IMPORTS}
@check(points=1, public=True)
def on_paper(rng):
    """gives 2 at 1"""
    yield 1.0

@check(points=2)
def random_inputs(rng):
    """works for any shape"""
    yield rng.normal(size=(2, 3))
    yield np.array([-1.0, 2.0])

@misconception
def no_square(z):
    """You did not square."""
    return z + 1

@misconception
def raises_on_arrays(z):
    """Arrays need care."""
    return float(z) ** 2 + 2

hints = ["Look closely.", """
    Square it.
    Then add.
"""]
'''


@pytest.fixture
def write(make_course: Callable[..., Path]) -> Callable[..., Course]:
    """A function that writes the reference and the checks of sigmoid_grad, and gives the course."""

    def write(checks: str = CHECKS, reference: str = REFERENCE) -> Course:
        root = make_course()
        (root / "solutions/jacobians/sigmoid_grad.py").write_text(reference)
        (root / "solutions/jacobians/sigmoid_grad_checks.py").write_text(checks)
        return load_course(root)

    return write


def compiled_key(course, student=""):
    """The answer key of sigmoid_grad."""
    return compile_exercise(course, course.exercises()[1], student).key


def one_check(body, *, points="points=1", more=""):
    """A checks file with one check `probe`, declared in line 4."""
    return f'{IMPORTS}{more}@check({points})\ndef probe(rng):\n    """probes"""\n    {body}\n'


def inputs(key, check):
    return [case.args for each in key.checks if each.name == check for case in each.cases]


def test_the_key_holds_inputs_and_the_references_answers(write):
    key = compiled_key(write())
    assert (key.exercise, key.points, key.functions) == ("sigmoid_grad", 3.0, ("sigmoid_grad",))
    paper, random = key.checks
    assert (paper.name, paper.claim, paper.public, paper.points) == ("on_paper", "gives 2 at 1", True, 1.0)
    assert (paper.arguments, paper.judge, paper.driver, paper.readonly, paper.strict) == (("z",), "", "", False, False)
    assert paper.cases[0].args == (pack(1.0),)
    assert paper.cases[0].expected == pack(2.0)
    for case in random.cases:
        assert case.expected == pack(unpack(case.args[0]) ** 2 + 1)


def test_wrong_answers_are_kept_only_where_they_differ(write):
    """At 1 both wrong formulas of the file are told apart or not; a formula that raises has None."""
    paper, random = compiled_key(write()).checks
    assert paper.cases[0].wrong == {"raises_on_arrays": pack(3.0)}
    assert random.cases[0].wrong.keys() == {"no_square", "raises_on_arrays"}
    assert random.cases[1].wrong == {"no_square": pack(np.array([0.0, 3.0])), "raises_on_arrays": None}


def test_the_words_of_misconceptions_and_hints_come_along(write):
    key = compiled_key(write())
    assert key.misconceptions == {"no_square": "You did not square.", "raises_on_arrays": "Arrays need care."}
    assert key.hints == ("Look closely.", "Square it.\nThen add.")


def test_the_same_seed_gives_the_same_key(write):
    course = write()
    one, two = compiled_key(course), compiled_key(course)
    assert one == two
    assert digest(one) == digest(two)
    assert encode_key(one) == encode_key(two)


def test_another_seed_student_or_exercise_gives_other_inputs(write):
    course = write()
    for root in ("backprop/backprop_batch",):
        for suffix, text in ((".py", REFERENCE.replace("sigmoid_grad", "backprop_batch")), ("_checks.py", CHECKS)):
            (course.root / "solutions" / f"{root}{suffix}").write_text(text)
    keys = [
        compiled_key(course),
        compiled_key(replace(course, seed=8)),
        compiled_key(course, "ada"),
        compiled_key(course, "ben"),
        compile_exercise(course, course.exercises()[2]).key,
    ]
    drawn = [inputs(key, "random_inputs")[0] for key in keys]
    assert len({msgspec.msgpack.encode(each) for each in drawn}) == len(keys)
    assert len({digest(key) for key in keys}) == len(keys)


def test_another_check_gives_other_inputs_and_its_place_does_not_matter(write):
    """Inputs depend on a check's name, not on its neighbours: a check can be added without changing the others."""
    body = "yield rng.normal(size=3)"
    first = one_check(body)
    second = one_check(body).replace("probe", "other").removeprefix(IMPORTS)
    both = compiled_key(write(first + second))
    assert inputs(both, "probe") != inputs(both, "other")
    assert inputs(compiled_key(write(IMPORTS + second + first.removeprefix(IMPORTS))), "probe") == inputs(both, "probe")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points=2", "points=3"),
        ("gives 2", "gives two"),
        ("yield 1.0", "yield 1.5"),
        ("did not square", "forgot"),
        ("Then add", "Then sum"),
    ],
)
def test_the_digest_changes_with_every_word_and_number(write, old, new):
    assert digest(compiled_key(write())) != digest(compiled_key(write(CHECKS.replace(old, new))))


def test_the_digest_changes_with_the_reference(write):
    assert digest(compiled_key(write())) != digest(compiled_key(write(reference=REFERENCE.replace("+ 1", "+ 2"))))


def test_a_check_may_ask_for_another_function_of_parts(write):
    more = '@misconception(function="both")\ndef swapped(a, b):\n    """swapped"""\n    return a * b, a + b\n'
    more += (
        '@misconception(function="sigmoid_grad")\ndef elsewhere(z):\n    """of the other function"""\n    return 0\n'
    )
    key = compiled_key(write(one_check("yield 2.0, 3.0", points='parts={"s": 1, "p": 2}, function="both"', more=more)))
    (check,) = key.checks
    assert (check.function, check.parts, check.arguments) == ("both", {"s": 1.0, "p": 2.0}, ("a", "b"))
    assert check.cases[0].wrong == {"swapped": pack((6.0, 5.0))}


def test_all_checks_of_a_function_know_the_names_of_its_parts(write):
    """Also the public ones, where a hidden one gives the names; but not where a driver makes something else of the answer."""
    named = one_check("yield 2.0, 3.0", points='parts={"s": 1, "p": 2}, function="both"')
    more = '@check(points=1, function="both", public=True)\ndef whole(rng):\n    """whole"""\n    yield 1.0, 2.0\n'
    more += "def total(function, a, b):\n    return sum(function(a, b))\n"
    more += '@check(points=1, function="both", driver=total)\ndef driven(rng):\n    """driven"""\n    yield 1.0, 2.0\n'
    key = compiled_key(write(named + more))
    assert {check.name: check.names for check in key.checks} == {"probe": ("s", "p"), "whole": ("s", "p"), "driven": ()}
    again = more.replace("points=1, function", 'parts={"p": 1, "s": 2}, function').replace("driver=total", "")
    problem, _ = refusal(write(named + again))
    assert "names the parts s, p, and another one p, s; give all checks of a function the same names" in problem


def test_what_was_yielded_cannot_be_changed_afterwards(write):
    key = compiled_key(write(one_check("z = np.zeros(2)\n    for _ in range(2):\n        z += 1\n        yield z")))
    assert [case.args for case in key.checks[0].cases] == [(pack(np.ones(2)),), (pack(np.full(2, 2.0)),)]


def test_functions_as_arguments_travel_as_source(write):
    reference = "def sigmoid_grad(f, x):\n    return f(x)\n"
    more = "def cube(x):\n    return np.power(x, 3)\n"
    (check,) = compiled_key(write(one_check("yield cube, 2.0", more=more), reference)).checks
    assert check.cases[0].args[0] == Code(more)
    assert check.cases[0].expected == pack(8.0)


def test_a_driver_makes_the_calls_and_names_the_arguments(write):
    more = "def twice(function, start):\n    return function(function(start))\n"
    (check,) = compiled_key(write(one_check("yield 2.0", points="points=1, driver=twice", more=more))).checks
    assert (check.driver, check.arguments) == (more, ("start",))
    assert check.cases[0].expected == pack(26.0)


def test_a_case_has_as_many_arguments_as_the_driver_takes(write):
    """It is the driver that is given them, so it is what the message names."""
    more = "def twice(function, start):\n    return function(function(start))\n"
    found = refusal(write(one_check("yield 2.0, 3.0", points="points=1, driver=twice", more=more)))
    assert found == ("check 'probe' has 2 arguments in case 1, twice takes 1 (start)", 5)


def test_a_strict_check_raises_in_wrong_formulas(write):
    more = '@misconception\ndef naive(z):\n    """overflows"""\n    return np.exp(z) * 0 + np.square(z) + 1\n'
    body = "yield np.array([1000.0])"
    for points, wrong in (("points=1", "array"), ('points=1, errstate="raise"', None)):
        (check,) = compiled_key(write(one_check(body, points=points, more=more))).checks
        answer = check.cases[0].wrong["naive"]
        assert (answer is None) == (wrong is None)
        assert check.strict == (wrong is None)


def test_a_misconception_tells_something_where_its_author_says(write):
    """Elsewhere its case says that it does not; a condition that fails is told with its line."""
    more = "def _of_arrays(z):\n    return {}\n"
    more += '@misconception(where=_of_arrays)\ndef halved(z):\n    """halved"""\n    return (z * z + 1) / 2\n'
    (check,) = compiled_key(write(one_check("yield 3.0; yield np.ones(2)", more=more.format("np.ndim(z) > 0")))).checks
    assert [(set(case.wrong), case.silent) for case in check.cases] == [(set(), ("halved",)), ({"halved"}, ())]
    problem, line = refusal(write(one_check("yield 3.0", more=more.format("z.nothing"))))
    assert (line, "misconception 'halved' has a `where` that fails: AttributeError" in problem) == (4, True)


def test_an_own_judge_decides_which_wrong_answers_differ(write):
    judge = "def positive(returned, z):\n    return None if returned > 0 else 'is not positive'\n"
    more = judge + '@misconception\ndef other(z):\n    """right as well"""\n    return 7.0\n'
    more += '@misconception\ndef negative(z):\n    """negative"""\n    return -1.0\n'
    more += '@misconception\ndef shape(z):\n    """several"""\n    return np.ones(2)\n'
    course = write(one_check("yield 2.0", points="points=1, judge=positive", more=more))
    compiled = compile_exercise(course, course.exercises()[1])
    (check,) = compiled.key.checks
    assert compiled.judges == {check.judge: judge}
    assert judge not in str(compiled.key)
    assert check.cases[0].wrong.keys() == {"negative", "shape"}


def refusal(course, file="sigmoid_grad_checks.py", **options):
    """The problem and line of the CourseError that compiling raises; it names the file."""
    with pytest.raises(CourseError) as caught:
        compiled_key(course, **options)
    path = course.root / "solutions/jacobians" / file
    assert str(caught.value.path) == str(path)
    where = f"{path}:{caught.value.line}: " if caught.value.line else f"{path}: "
    assert str(caught.value) == where + caught.value.problem
    return caught.value.problem, caught.value.line


def test_a_file_without_checks(write):
    words = "has no checks; decorate at least one function with @check(points=...)"
    for text in ("", IMPORTS, "def probe(rng):\n    yield 1\n"):
        assert refusal(write(text)) == (words, None)


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("import numpy\nimport nothing_of_that_name\n", "does not import: ModuleNotFoundError: No module named", 2),
        ("x = 1\n\ndef f(:\n", "does not import: SyntaxError: ", 3),
        ("x = 1\ny = 1 / 0\n", "does not import: ZeroDivisionError: division by zero", 2),
        ("raise KeyError('x')\n", "does not import: KeyError: 'x'", 1),
        (
            "import sys\nsys.exit()\n",
            "does not import: SystemExit: ; code of a course ends no command: take the exit out",
            2,
        ),
        (f"{IMPORTS}@check(points=-1)\ndef f(rng):\n    '''negative'''\n", "check 'f' has negative points", 3),
    ],
)
def test_checks_and_references_that_do_not_import(write, text, problem, line):
    found = refusal(write(text))
    assert found[0].startswith(problem)
    assert found[1] == line
    found = refusal(write(reference=text), "sigmoid_grad.py")
    assert found[0].startswith(problem)
    assert found[1] == line


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("from grader import checks\n", "check"),
        (f"{DECORATORS}@checks(points=1)\ndef f(rng):\n    yield 1\n", "check"),
        (f"{DECORATORS}@check(point=1)\ndef f(rng):\n    yield 1\n", "points"),
        (f"{DECORATORS}@derivative_of('x', upstram='v')\ndef f(x):\n    return x\n", "upstream"),
    ],
)
def test_a_misspelt_decorator_or_option_has_what_was_meant(write, text, meant):
    """Whether Python says so itself or not, which depends on its version."""
    (said, _) = refusal(write(text))
    assert re.search(rf"[Dd]id you mean:? '{meant}'\?", said)
    assert said.lower().count("did you mean") == 1


def test_a_decorator_that_is_not_imported_has_the_line_that_imports_it(write):
    text = "from grader import check\n\n@misconception\ndef f(x):\n    return x\n"
    (said, _) = refusal(write(text))
    assert said.endswith("name 'misconception' is not defined; import it: from grader import misconception")


def test_a_file_may_define_a_dataclass_of_annotations_that_are_read_later(write):
    """Python looks for the module of such a class while it is made."""
    course = write()
    path = course.checks(course.exercises()[0])
    lines = (
        "from __future__ import annotations",
        "import dataclasses",
        "@dataclasses.dataclass",
        "class Layer:",
        "    width: int = 2",
    )
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join((*lines, text)), encoding="utf-8")
    assert load_module(path).Layer().width == 2
    assert not [name for name in sys.modules if name.endswith(path.stem)]


def test_importing_leaves_no_bytecode_and_no_module_behind(write):
    course = write()
    compiled_key(course)
    assert not list(course.root.rglob("__pycache__"))
    assert not [name for name in sys.modules if name.startswith("course.")]


@pytest.mark.parametrize(
    ("body", "problem", "line"),
    [
        ("yield 1.0\n    yield 1 / 0", "check 'probe' cannot make its cases: ZeroDivisionError: division by zero", 7),
        ("return None", "check 'probe' yields nothing: is there a `yield`?", 3),
        ("yield 1.0\n    yield 2.0, 3.0", "check 'probe' has 2 arguments in case 2, sigmoid_grad takes 1 (z)", 3),
        ("return [(1.0, 2.0)]", "check 'probe' has 2 arguments in case 1, sigmoid_grad takes 1 (z); it returns its cases: is a `yield` meant?", 3),
        ("yield 1.0\n    raise SystemExit(3)", "check 'probe' cannot make its cases: SystemExit: 3; code of a course ends no command: take the exit out", 7),
        ("while True:\n        yield 1.0", "check 'probe' yields more than 1000 cases: is there a loop without an end?", 3),
        ("return\n    yield", "check 'probe' yields no case; yield at least one tuple of arguments", 3),
        ("return []", "check 'probe' yields no case; yield at least one tuple of arguments", 3),
        ("yield object()", "check 'probe' yields an argument that is not made of numbers, arrays and strings", 3),
        ("yield [1.0, {2}], 3", "check 'probe' yields an argument that is not made of numbers, arrays and strings", 3),
        ("yield lambda x: x", "check 'probe' has a function argument that is not a plain function: define it with `def`, undecorated", 3),
    ],
)  # fmt: skip
def test_generators_that_fail(write, body, problem, line):
    assert refusal(write(one_check(body))) == (problem, line)


@pytest.mark.parametrize(
    ("body", "problem", "line"),
    [
        ("return 1 / 0", "the reference raises in check 'probe': ZeroDivisionError: division by zero", 3),
        ("z[0] = 1\n    return z", "the reference raises in check 'probe': ValueError: assignment destination is read-only; a check sends read-only arrays, so copy one before you write into it", 3),
        ("z += 1\n    return z", "the reference raises in check 'probe': ValueError: output array is read-only; a check sends read-only arrays, so copy one before you write into it", 3),
        ("exit()", "the reference raises in check 'probe': SystemExit: None; code of a course ends no command: take the exit out", 3),
        ("raise NotImplementedError", "the reference raises in check 'probe': NotImplementedError: ", 3),
    ],
)  # fmt: skip
def test_references_that_raise(write, body, problem, line):
    """Also one that writes into its input: it is given read-only arrays."""
    reference = f"import numpy as np\ndef sigmoid_grad(z):\n    {body}\n"
    assert refusal(write(one_check("yield np.ones(2)"), reference), "sigmoid_grad.py") == (problem, line)


def test_a_reference_that_cannot_be_called_with_the_inputs(write):
    """The check is at fault, not the reference."""
    told = "check 'probe' has 2 arguments in case 1, sigmoid_grad takes 1 (z)"
    assert refusal(write(one_check("yield 1.0, 2.0"))) == (told, 3)


@pytest.mark.parametrize(
    "answer", ["np.nan", "np.array([1.0, np.nan])", "{'a': [np.nan, 1.0]}", "object()", "(1.0, {2})"]
)
def test_references_that_return_no_value(write, answer):
    reference = f"import numpy as np\ndef sigmoid_grad(z):\n    return {answer}\n"
    words = "check 'probe' gets nan, None or something that is not a value from the reference; choose other inputs"
    assert refusal(write(one_check("yield 1.0"), reference)) == (words, 3)


def test_a_reference_that_returns_none(write):
    """A forgotten return in the reference would accept every student who forgets it too; no other inputs would help."""
    course = write(one_check("yield 1.0"), "def sigmoid_grad(z):\n    z + 1\n")
    told = "sigmoid_grad returns None in check 'probe': is there a `return`?"
    assert refusal(course, "sigmoid_grad.py") == (told, 1)


def test_a_reference_without_the_function(write):
    words = "defines no function 'sigmoid_grad', which the checks call"
    assert refusal(write(reference="def sigmoid(z): ...\n"), "sigmoid_grad.py") == (words, None)
    assert refusal(write(reference="sigmoid_grad = 3\n"), "sigmoid_grad.py") == (words, None)
    words = "defines no function 'other', which the checks call"
    assert refusal(write(one_check("yield 1.0", points='points=1, function="other"')), "sigmoid_grad.py") == (
        words,
        None,
    )


@pytest.mark.parametrize("function", ["both", "sigmoid_grad"])
def test_parts_that_the_reference_does_not_return(write, function):
    arguments = "1.0, 2.0" if function == "both" else "1.0"
    course = write(one_check(f"yield {arguments}", points=f'parts={{"a": 1, "b": 1, "c": 1}}, function="{function}"'))
    assert refusal(course) == ("check 'probe' names the parts a, b, c, but the reference returns others", 3)


@pytest.mark.parametrize(
    ("judge", "problem"),
    [
        ("def own(returned, z):\n    return 1 / 0\n", "has a judge that raises ZeroDivisionError: division by zero; it may use its arguments and np alone"),
        ("def own(returned, z):\n    raise SystemExit(1)\n", "has a judge that raises SystemExit: 1; it may use its arguments and np alone"),
        ("def own(returned, z):\n    return check\n", "has a judge that raises NameError: name 'check' is not defined; it may use its arguments and np alone"),
        ("def own(returned):\n    return None\n", "has a judge that raises TypeError: own() takes 1 positional argument but 2 were given; it may use its arguments and np alone"),
        ("def own(returned, z):\n    return 'too small'\n", "has a judge that rejects the reference's own answer: too small"),
        ("def own(returned, z):\n    return False\n", "has a judge that returns a bool; return None, or a sentence"),
        ("own = lambda returned, z: None\n", "has a judge that is not a plain function: define it with `def`, undecorated"),
    ],
)  # fmt: skip
def test_judges_that_fail(write, judge, problem):
    own = any(
        f"raises {kind}" in problem for kind in ("ZeroDivisionError", "NameError", "SystemExit")
    )  # a line of the judge's, else the check's
    line = 4 if own else 3 + judge.count("\n")
    assert refusal(write(one_check("yield 1.0", points="points=1, judge=own", more=judge))) == (
        f"check 'probe' {problem}",
        line,
    )


def test_a_driver_that_is_a_lambda(write):
    words = "check 'probe' has a driver that is not a plain function: define it with `def`, undecorated"
    more = "own = lambda function, z: function(z)\n"
    assert refusal(write(one_check("yield 1.0", points="points=1, driver=own", more=more))) == (words, 4)


@pytest.mark.parametrize("hints", ["'a sentence'", "[1]", "['']", "['  ']", "None", "{'a'}"])
def test_hints_that_are_no_list(write, hints):
    assert refusal(write(f"{CHECKS}\nhints = {hints}\n")) == ("`hints` is not a list of sentences", None)


def test_what_is_not_a_python_file_is_not_loaded(tmp_path):
    with pytest.raises(CourseError, match="is not a Python file"):
        load_module(tmp_path / "notes.txt")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"gone\.py: does not import: FileNotFoundError"):
        load_module(tmp_path / "gone.py")


VALUES = st.one_of(
    st.floats(allow_nan=False).map(pack),
    st.text(max_size=4).map(pack),
    st.lists(st.floats(allow_nan=False), max_size=3).map(lambda items: pack((np.array(items), {"a": items}))),
)
WORDS = st.text(max_size=6)
CASES = st.builds(
    CaseKey, st.tuples(VALUES, VALUES), VALUES, st.dictionaries(WORDS, st.one_of(st.none(), VALUES), max_size=2)
)
CHECK_KEYS = st.builds(
    CheckKey, name=WORDS, claim=WORDS, public=st.booleans(), function=WORDS, points=st.floats(0, 9),
    parts=st.dictionaries(WORDS, st.floats(0, 9), max_size=2), readonly=st.booleans(), strict=st.booleans(),
    judge=WORDS, driver=WORDS, keep=st.booleans(), arguments=st.tuples(WORDS),
    cases=st.lists(CASES, max_size=2).map(tuple),
)  # fmt: skip
KEYS = st.builds(
    AnswerKey,
    exercise=WORDS,
    misconceptions=st.dictionaries(WORDS, WORDS, max_size=2),
    hints=st.tuples(WORDS),
    checks=st.lists(CHECK_KEYS, max_size=2).map(tuple),
    judges=st.dictionaries(WORDS, WORDS, max_size=2),
)


@pytest.mark.slow
@given(KEYS)
def test_a_key_survives_the_round_trip_through_json(key):
    assert decode_key(encode_key(key), Path("key.json")) == key
    assert digest(decode_key(encode_key(key), Path("key.json"))) == digest(key)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"not json", b'{"exercise": 1}', b"\xff"])
def test_what_is_no_key_is_not_decoded(data):
    with pytest.raises(msgspec.MsgspecError):
        decode_key(data, Path("key.json"))


def test_a_wrong_formula_that_returns_nothing_differs(write):
    more = '@misconception\ndef silent(z):\n    """forgets to return"""\n'
    (check,) = compiled_key(write(one_check("yield 1.0", more=more))).checks
    assert check.cases[0].wrong == {"silent": Nothing()}


SHARED = """\
from grader import misconception


def _wrong(z):
    return z + {}


def family(answer):
    _wrong.__doc__ = "You added."
    return (misconception(_wrong),)
"""
USES_SHARED = CHECKS.replace(IMPORTS, IMPORTS + "from ..shared import family\n") + "\nwrong = family(None)\n"


def shared_course(root: Path, added: int) -> Course:
    """A course whose checks import from beside the assignments."""
    folder = root / "solutions" / "a"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "course.yml").write_text("title: t\nseed: 7\nassignments: [{id: a, title: A, exercises: [sigmoid_grad]}]\n")
    (folder / "sigmoid_grad.py").write_text(REFERENCE)
    (folder / "sigmoid_grad_checks.py").write_text(USES_SHARED)
    (folder.parent / "shared.py").write_text(SHARED.format(added))
    return load_course(root)


def test_checks_import_from_beside_the_assignments_and_the_key_covers_it(tmp_path: Path) -> None:
    """Two courses in one process, and two states of one, have a module each; a change of it changes the key."""
    keys = []
    for name, added in [("one", 10), ("two", 20), ("one", 30)]:
        course = shared_course(tmp_path / name, added)
        key = compile_exercise(course, course.exercise("sigmoid_grad")).key
        assert key.misconceptions["_wrong"] == "You added."
        assert key.checks[0].cases[0].wrong["_wrong"] == pack(1.0 + added)
        keys.append(digest(key))
    assert len(set(keys)) == len(keys)


def test_two_misconceptions_of_one_name_are_refused(tmp_path: Path) -> None:
    """The second would take the place of the first."""
    course = shared_course(tmp_path, 10)
    path = course.checks(course.exercise("sigmoid_grad"))
    path.write_text(USES_SHARED + "\nagain = family(None)\n")
    with pytest.raises(CourseError, match="two misconceptions called '_wrong'; rename one"):
        compile_exercise(course, course.exercise("sigmoid_grad"))


def test_a_syntax_error_beside_the_assignments_is_told_with_its_file(tmp_path: Path) -> None:
    course = shared_course(tmp_path, 10)
    (tmp_path / "solutions" / "shared.py").write_text("def broken(:\n")
    with pytest.raises(CourseError, match=r"shared\.py:1: does not import: SyntaxError"):
        compile_exercise(course, course.exercise("sigmoid_grad"))


@pytest.mark.slow
def test_where_the_authors_own_code_stands_is_said_of_what_takes_long(write, monkeypatch, caplog) -> None:
    """By file and line; of what does not, nothing is said."""
    monkeypatch.setattr("grader.building.waiting._SECONDS", 0.2)
    compiled_key(write())
    assert caplog.messages == []
    course = write(reference=REFERENCE.replace("    return np", "    import time\n    time.sleep(0.15)\n    return np"))
    compiled_key(course)
    (said,) = caplog.messages
    assert said.startswith(f"{course.reference(course.exercise('sigmoid_grad'))}:6: still running after 0.2 seconds")
