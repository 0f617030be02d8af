"""Faults of an author's texts, and when two programs are one."""

from __future__ import annotations

import msgspec
import pytest

from grader.judging.answer_key import AnswerKey, CheckKey
from grader.verify.texts import defined_twice, formulas_told, left_to_do, shares_code, without_a_rubric, without_a_task

KEY = AnswerKey(exercise="f", misconceptions={}, hints=(), checks=())
TASK = '"""# Title\n\nReturn it.\n"""\n'


@pytest.mark.parametrize("docstring", ["", '""" """\n', '"""# A title\n\n## And another\n"""\n'])
def test_a_reference_without_a_task_is_found(docstring: str) -> None:
    """A title is no task."""
    (fault,) = without_a_task(f"{docstring}import numpy as np\n")
    assert fault.startswith("there is no task: write what is asked into the docstring")
    assert not list(without_a_task(TASK))


def test_words_that_are_kept_for_a_person_need_a_rubric() -> None:
    """Of a check that keeps nothing, nobody has to read anything."""
    check = CheckKey(
        name="reason", claim="says why", public=False, function="f", points=1.0, parts={}, readonly=False, strict=False, judge="", driver="",
        keep=True, arguments=(), cases=(),
    )  # fmt: skip
    (fault,) = without_a_rubric(msgspec.structs.replace(KEY, checks=(check,)), ())
    assert fault == "reason keeps words for a person to mark: say what to look for, in `rubric`, a list of sentences"
    assert not list(without_a_rubric(msgspec.structs.replace(KEY, checks=(check,)), ("Says it.",)))
    assert not list(without_a_rubric(KEY, ()))


def test_what_is_still_to_be_written_is_told_without_the_code_around_it() -> None:
    """By its line, of each text; a comment is the author's own."""
    text = '"""# TODO: a title\n\nTODO: a task.\n"""\n# TODO: mine\nraise E("TODO: this line")\nh = ["TODO: one", f"TODO: two"]\n'
    assert left_to_do(text) == {1: "a title", 3: "a task.", 6: "this line", 7: "two"}


def test_two_checks_of_one_name_are_found() -> None:
    """Of which Python keeps the second; both lines are told."""
    checks = "@check(points=1)\ndef sizes(rng):\n    yield 1\n\n@check(points=2)\ndef sizes(rng):\n    yield 2\n"
    assert list(defined_twice(checks, "a/f_checks.py")) == [
        "a/f_checks.py:6: 'sizes' is defined again, and that of line 2 is lost; rename one"
    ]
    assert not list(defined_twice(checks.replace("def sizes", "def other", 1), "a/f_checks.py"))


@pytest.mark.parametrize(
    "body",
    [
        "return p * (1 - p)", "d = p * (1 - p)\n    return d", "return x, p * (1 - p)", "return {'a': p*(1-p)}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["hints", "misconceptions"])
def test_a_formula_of_the_reference_in_a_public_sentence_is_found(body: str, where: str) -> None:
    """Whatever it is returned in, and however it is spaced; half of it is no answer."""
    source = f"{TASK}\ndef f(p, x):\n    {body}\n"
    for told, count in (("The slope is p*(1 - p), you see.", 1), ("The slope is p times 1 - p.", 0)):
        sentences = (told,) if where == "hints" else {"wrong": told}
        faults = list(formulas_told(source, msgspec.structs.replace(KEY, **{where: sentences}), {}))
        assert len(faults) == count
    place = "hint 1" if where == "hints" else "the feedback of 'wrong'"
    given = ("It is p * (1 - p).",) if where == "hints" else {"wrong": "It is p * (1 - p)."}
    (fault,) = formulas_told(source, msgspec.structs.replace(KEY, **{where: given}), {})
    assert fault == f"the answer `p * (1 - p)` is given away in {place}; say what to think of instead"


def test_an_author_s_words_for_an_alteration_give_nothing_away_either() -> None:
    words = {"p squared": "It is p * (1 - p).", "p transposed": None}
    (fault,) = formulas_told(f"{TASK}\ndef f(p):\n    return p * (1 - p)\n", KEY, words)
    assert "is given away in the words of 'p squared' in `alterations`" in fault


def test_one_operation_is_no_formula_and_what_the_task_says_is_not_given_away() -> None:
    key = msgspec.structs.replace(KEY, hints=("Think of x + 1.", "It is x @ W + b."))
    assert not list(formulas_told(f"{TASK}\ndef f(x):\n    return x + 1\n", key, {}))
    body = "\ndef f(x, W, b):\n    return x @ W + b\n"
    assert len(list(formulas_told(TASK + body, key, {}))) == 1
    assert not list(formulas_told(TASK.replace("it", "y = x @ W + b") + body, key, {}))


REFERENCE = "import numpy as np\n\ndef f(z):\n    p = 1 / (1 + np.exp(-z))\n    return p * (1 - p)\n"


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (REFERENCE, True),
        ("import numpy as np\n\ndef f(x):\n    a = 1 / (1 + np.exp(-x))\n    b = 1 - a\n    return a * b\n", True),
        ("def f(x):\n    a = x\n    return a * (1 - a)\n", True),
        ("import numpy as np\n\ndef f(z):\n    return np.exp(-abs(z)) / (1 + np.exp(-abs(z))) ** 2\n", False),
        ("def f(z):\n    n = len(z)\n    return [z[i] for i in range(n)]\n", False),
    ],
)
def test_a_program_shares_code_whatever_its_names_are(other: str, *, shared: bool) -> None:
    assert shares_code(REFERENCE, other) is shared
