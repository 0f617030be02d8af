"""Judging outcomes against hand-made answer keys: verdicts, points, diagnoses, and what a student may read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.judging import judge as judging
from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
from grader.judging.judge import points_of, refuse
from grader.judging.verdicts import Verdict
from grader.wire.messages import Raised, Returned, Stopped
from grader.wire.values import Mapping, Opaque, pack

STUB = Raised("NotImplementedError", "", "s.py", 9)


class Sources(dict):
    """Judges named by their own source."""

    def __missing__(self, name):
        return name


def judge(key, outcomes):
    return judging.judge(key, outcomes, judging.trusted(Sources()))


def case(args, expected, **wrong):
    """A case of plain Python values; a wrong answer of `...` is a formula that raises."""
    answers = {name: None if answer is ... else pack(answer) for name, answer in wrong.items()}
    return CaseKey(tuple(map(pack, args)), pack(expected), answers)


def check(*cases, points=1.0, parts=None, **options):
    settings = {
        "name": "probe", "claim": "probes", "public": False, "function": "f", "readonly": False, "strict": False, "judge": "",
        "driver": "", "keep": False, "arguments": ("x", "y"), **options,
    }  # fmt: skip
    return CheckKey(points=sum(parts.values()) if parts else points, parts=parts or {}, cases=cases, **settings)


def key(*checks, **misconceptions):
    return AnswerKey(exercise="exercise", misconceptions=misconceptions, hints=(), checks=checks)


def got(*values):
    return tuple(map(Returned, map(pack, values)))


def judged(probe, *outcomes, **misconceptions):
    """The result of one check."""
    (result,) = judge(key(probe, **misconceptions), [outcomes]).checks
    return result


TWO = (case([1.0], 10.0), case([2.0], 20.0))


def test_the_right_answer_earns_the_points_and_no_words():
    result = judged(check(*TWO, points=3), *got(10.0, 20))
    assert (result.verdict, result.points, result.max_points, result.feedback) == (Verdict.ACCEPTED, 3, 3, "")
    assert (result.name, result.claim, result.public, result.misconceptions) == ("probe", "probes", False, ())


@pytest.mark.parametrize("values", [(10.0, 21.0), (11.0, 20.0), (0.0, 0.0)])
def test_a_check_is_all_or_nothing_over_its_cases(values):
    result = judged(check(*TWO, points=3), *got(*values))
    assert (result.verdict, result.points) == (Verdict.WRONG_ANSWER, 0)
    assert isinstance(result.points, float)
    assert result.feedback


@pytest.mark.parametrize(
    ("given", "only", "returned", "error", "right"),
    [
        (np.float64, False, np.float64, 5e-6, False), (np.float64, False, np.float32, 5e-6, True),
        (np.float64, False, np.float32, 5e-5, False), (np.float64, True, np.float32, 5e-6, False),
        (np.float32, False, np.float64, 5e-5, True), (np.float32, False, np.float32, 5e-5, True),
        (np.float32, True, np.float32, 5e-5, True), (np.float32, False, np.float32, 5e-4, False),
    ],
)  # fmt: skip
def test_the_accuracy_that_is_asked_is_that_of_the_inputs(given, only, returned, error, right):
    """An answer in float32 to float64 inputs may be as wrong as float32 makes it, but in checks of tails and scale."""
    probe = check(case([np.ones(3, given)], np.array([1.0, 2.0, -3.0])), float64_only=only)
    result = judged(probe, *got((np.array([1.0, 2.0, -3.0]) * (1 + error)).astype(returned)))
    assert (result.verdict is Verdict.ACCEPTED) is right
    assert ("the values are not" in result.feedback) is not right


def test_a_misconception_in_float32_is_told_where_float32_holds_no_such_number():
    """1e-300 came back as 0, and 1e300 as infinite: it is the same mistake, if another case shows it in numbers."""
    cases = [case([1.0], np.array([2.0, size]), doubled=np.array([4.0, 2 * size])) for size in (1e-300, 1e300, 1.0)]
    with np.errstate(over="ignore"):
        outcomes = [np.array([4.0, 2 * size]).astype(np.float32) for size in (1e-300, 1e300, 1.0)]
    assert judged(check(*cases), *got(*outcomes), doubled="Twice.").misconceptions == ("doubled",)


@pytest.mark.parametrize(
    ("outcome", "verdict", "words"),
    [
        (Returned(pack(None)), Verdict.WRONG_ANSWER, "returned None"),
        (Raised("KeyError", "'k'", "s.py", 3), Verdict.RUNTIME_ERROR, "raised KeyError at s.py, line 3"),
        (Raised("OtherAnswer"), Verdict.WRONG_ANSWER, "what your function returned has another form, shape or order than is asked"),
        (Raised("MissingFunction", "g", loading=True), Verdict.RUNTIME_ERROR, "your file defines no function `f`"),
        (Raised("SyntaxError", "bad", "s.py", 2, loading=True), Verdict.RUNTIME_ERROR, "Python cannot read it at s.py, line 2: bad"),
        (Raised("MemoryError", "", "s.py", 4), Verdict.MEMORY_LIMIT_EXCEEDED, "needs more memory than is allowed at s.py, line 4"),
        (Raised("ForbiddenImport", "import of 'torch'", "s.py", 1, loading=True), Verdict.FORBIDDEN, "a forbidden import at s.py, line 1: import of 'torch'."),
        (Raised("FloatingPointError", "overflow", "s.py", 5), Verdict.RUNTIME_ERROR, "an intermediate result overflows or is undefined at s.py, line 5"),
        (Raised("ValueError", "read-only", "s.py", 6, wrote=(1,)), Verdict.RUNTIME_ERROR, "writes into its argument `y` at s.py, line 6"),
        (STUB, Verdict.NOT_ATTEMPTED, "not attempted yet"),
        (Stopped("time"), Verdict.TIME_LIMIT_EXCEEDED, "did not finish within the time limit"),
        (Stopped("output", "printed"), Verdict.OUTPUT_LIMIT_EXCEEDED, "printed or returned more than is allowed"),
        (Stopped("crash"), Verdict.RUNTIME_ERROR, "the process ended by itself before the function returned"),
        (Stopped("crash", "SIGSEGV"), Verdict.RUNTIME_ERROR, "the process was killed by SIGSEGV before the function returned"),
    ],
)  # fmt: skip
def test_every_outcome_has_a_verdict_and_words(outcome, verdict, words):
    """Also where the other cases are right, or were skipped after a stop."""
    result = judged(check(TWO[0]), outcome)
    assert (result.verdict, result.points) == (verdict, 0)
    assert result.feedback.startswith(words)
    if verdict is not Verdict.NOT_ATTEMPTED:
        assert judged(check(*TWO), Returned(pack(10.0)), outcome).verdict is verdict
        assert judged(check(*TWO), outcome).verdict is verdict


def test_the_first_case_that_is_not_right_gives_the_verdict():
    outcomes = [Returned(pack(10.0)), Returned(pack(0.0)), Stopped("time")]
    cases = (*TWO, case([3.0], 30.0), case([4.0], 40.0))
    assert judged(check(*cases), *outcomes).verdict is Verdict.WRONG_ANSWER
    assert judged(check(*cases), outcomes[0], Raised("KeyError"), outcomes[1]).verdict is Verdict.RUNTIME_ERROR


def test_skipped_cases_are_not_right():
    """Right until it stopped: the check is lost all the same, and the stop says why."""
    result = judged(check(*TWO, case([3.0], 30.0), points=2), Returned(pack(10.0)), Stopped("time"))
    assert (result.verdict, result.points) == (Verdict.TIME_LIMIT_EXCEEDED, 0)


def test_not_attempted_means_every_case():
    """Who answers one case has attempted the check."""
    assert judged(check(*TWO), STUB, STUB).verdict is Verdict.NOT_ATTEMPTED
    part = judged(check(*TWO), Returned(pack(10.0)), STUB)
    assert part.verdict is Verdict.RUNTIME_ERROR
    assert "raised NotImplementedError" in part.feedback
    assert "such an input has no answer of yours yet" in part.feedback
    assert "not attempted" not in part.feedback
    assert judged(check(*TWO), STUB, Returned(pack(10.0))).verdict is Verdict.RUNTIME_ERROR
    assert judged(check(*TWO), STUB, Stopped("time")).verdict is Verdict.RUNTIME_ERROR


@given(st.lists(st.sampled_from(["right", "wrong", "stub", "slow"]), min_size=1, max_size=6))
def test_an_exercises_verdict_is_the_first_that_is_not_accepted(kinds):
    outcome = {"right": got(10.0), "wrong": got(0.0), "stub": (STUB,), "slow": (Stopped("time"),)}
    verdict = {"wrong": Verdict.WRONG_ANSWER, "stub": Verdict.NOT_ATTEMPTED, "slow": Verdict.TIME_LIMIT_EXCEEDED}
    result = judge(key(*[check(TWO[0], points=2) for _ in kinds]), [outcome[kind] for kind in kinds])
    bad = [kind for kind in kinds if kind != "right"]
    assert result.verdict is (verdict[bad[0]] if bad else Verdict.ACCEPTED)
    assert (result.score, result.max_score) == (2 * (len(kinds) - len(bad)), 2 * len(kinds))


PARTS = {"dW": 3.0, "db": 2.0}
PAIR = (case([1.0], (np.ones(2), 5.0)), case([2.0], (np.full(2, 2.0), 6.0)))


@pytest.mark.parametrize(
    ("values", "points", "words"),
    [
        (((np.ones(2), 5.0), (np.full(2, 2.0), 7.0)), 3, "dW is right, db is wrong"),
        (((np.zeros(2), 5.0), (np.full(2, 2.0), 6.0)), 2, "db is right, dW is wrong"),
        (((np.ones(3), 5.0), (np.full(2, 2.0), 6.0)), 2, "dW: returned "),
        (((np.zeros(2), 5.0), (np.full(2, 2.0), 7.0)), 0, "dW: "),
        ((np.ones(2), (np.full(2, 2.0), 6.0)), 0, ""),
        (((np.ones(2), 5.0, 1), (np.full(2, 2.0), 6.0)), 0, ""),
    ],
)
def test_parts_are_judged_apart(values, points, words):
    result = judged(check(*PAIR, parts=PARTS), *got(*values))
    assert (result.verdict, result.points, result.max_points) == (Verdict.WRONG_ANSWER, points, 5)
    assert words in result.feedback
    named_right = [line for line in result.feedback.splitlines() if line.startswith(("dW is right", "db is right"))]
    assert len(named_right) == (points > 0)


def test_parts_named_in_a_dict():
    probe = check(case([1.0], {"dW": 1.0, "db": 2.0}), parts=PARTS)
    assert judged(probe, *got({"db": 2.0, "dW": 1.0})).points == 5
    assert judged(probe, *got({"db": 9.0, "dW": 1.0})).points == 3
    assert judged(probe, *got({"dW": 1.0})).points == 0


FORMS = {
    "a tuple": lambda one, two: (one, two), "a list": lambda one, two: [one, two],
    "a dict": lambda one, two: {"dW": one, "db": two}, "a dict in another order": lambda one, two: {"db": two, "dW": one},
}  # fmt: skip


@pytest.mark.parametrize("asked", ["a tuple", "a dict"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("public", [True, False])
def test_each_form_of_named_parts_has_one_verdict_in_every_kind_of_check(asked, form, public):
    """With points for each part, with points for the whole, and with a judge of its own; also for a misconception."""
    ask, give = FORMS[asked], FORMS[form]
    cases = [
        case([x], ask(np.arange(2.0) + x, x), negative=ask(-np.arange(2.0) - x, -x)) for x in (1.5, 2.0, 3.0)
    ]  # fmt: skip
    own = "def own(returned, x):\n    return None if len(returned) == 2 else 'is not two values'"
    probes = [check(*cases, parts=PARTS, public=public), check(*cases, named=("dW", "db"), public=public),
              check(*cases, named=("dW", "db"), judge=own, public=public)]  # fmt: skip
    for probe in probes:
        right = got(*(give(np.arange(2.0) + x, x) for x in (1.5, 2.0, 3.0)))
        assert judged(probe, *right).verdict is Verdict.ACCEPTED
    for probe in probes[:2]:
        wrong = got(*(give(-np.arange(2.0) - x, -x) for x in (1.5, 2.0, 3.0)))
        assert judged(probe, *wrong, negative="The sign.").misconceptions == ("negative",)
        half = judged(probe, *got(*(give(np.arange(2.0) + x, -x) for x in (1.5, 2.0, 3.0))))
        assert (half.verdict, half.points) == (Verdict.WRONG_ANSWER, 3 if probe.parts else 0)
        assert "db" in half.feedback


@pytest.mark.parametrize("outcome", [Raised("KeyError"), Stopped("time"), Returned(pack(None))])
def test_no_part_is_right_where_a_case_has_none(outcome):
    result = judged(check(*PAIR, parts=PARTS), Returned(PAIR[0].expected), outcome)
    assert result.points == 0
    assert "is right" not in result.feedback


def test_a_misconception_is_told_in_its_authors_words():
    probe = check(case([1.0], 10.0, halved=5.0), case([0.0], 0.0))
    result = judged(probe, *got(5.0, 0.0), halved="You forgot the 2.", other="Never.")
    assert result.misconceptions == ("halved",)
    assert result.feedback.splitlines()[0] == "You forgot the 2."
    assert "Never." not in result.feedback


@pytest.mark.parametrize(
    "outcomes",
    [
        (*got(5.0, 11.0), Raised("ValueError")),
        (*got(5.0, 10.0, 30.0),),
        (*got(10.0, 10.0), Raised("ValueError")),
        (Raised("ValueError"),) * 3,
    ],
)
def test_a_misconception_needs_every_case_that_separates_it(outcomes):
    """Another value, a right one, a right one where it raises: each speaks against it; an exception does not."""
    probe = check(case([1.0], 10.0, halved=5.0), case([2.0], 20.0, halved=10.0), case([3.0], 30.0, halved=...))
    assert judged(probe, *outcomes, halved="You forgot the 2.").misconceptions == ()


def test_a_misconception_that_raises_elsewhere_is_found_by_its_value():
    probe = check(case([1.0], 10.0, halved=5.0), case([3.0], 30.0, halved=...))
    assert judged(probe, *got(5.0), Raised("ValueError"), halved="You forgot the 2.").misconceptions == ("halved",)


def test_a_misconception_must_hold_in_all_checks_of_its_function():
    """And is named in those that separate it, not in those of another function."""
    first = check(case([1.0], 10.0, halved=5.0), name="first")
    second = check(case([2.0], 20.0, halved=10.0), name="second")
    neutral = check(case([0.0], 0.0), name="neutral")
    other = check(case([2.0], 20.0, halved=10.0), name="other", function="g")
    checks = key(first, second, neutral, other, halved="You forgot the 2.")
    result = judge(checks, [got(5.0), got(10.0), got(1.0), got(20.0)])
    assert [each.misconceptions for each in result.checks] == [("halved",), ("halved",), (), ()]
    assert result.misconceptions == ("halved",)
    result = judge(checks, [got(5.0), got(20.0), got(0.0), got(10.0)])
    assert [each.misconceptions for each in result.checks] == [(), (), (), ("halved",)]


WHOLE = case([1.0], (1.0, 2.0), both=(7.0, 8.0), first=(7.0, 2.0))


def test_a_whole_misconception_comes_before_those_of_parts():
    """Both formulas give a wrong dW; who gives both parts of one formula used that one."""
    words = {"both": "Both.", "first": "First."}
    assert judged(check(WHOLE, parts=PARTS), *got((7.0, 8.0)), **words).misconceptions == ("both",)
    assert judged(check(WHOLE, parts=PARTS), *got((7.0, 2.0)), **words).misconceptions == ("first",)


def test_a_part_that_two_formulas_share_tells_neither():
    words = {"both": "Both.", "first": "First."}
    assert judged(check(WHOLE, parts=PARTS), *got((7.0, 9.0)), **words).misconceptions == ()
    assert judged(check(WHOLE, parts=PARTS), *got((9.0, 8.0)), **words).misconceptions == ()


def test_parts_may_show_a_misconception_each():
    probe = check(case([1.0], (1.0, 2.0), one=(7.0, 2.0), two=(1.0, 8.0)), parts=PARTS)
    result = judged(probe, *got((7.0, 8.0)), one="One.", two="Two.")
    assert result.misconceptions == ("one", "two")
    assert result.feedback.splitlines()[:2] == ["One.", "Two."]


def test_one_sentence_of_several_misconceptions_is_told_once():
    """In each part, and under both names."""
    probe = check(case([1.0], (1.0, 2.0), one=(7.0, 2.0), two=(1.0, 8.0)), parts=PARTS)
    result = judged(probe, *got((7.0, 8.0)), one="You forgot the root.", two="You forgot the root.")
    assert result.misconceptions == ("one", "two")
    assert result.feedback.count("You forgot the root.") == 1
    assert result.diagnosis.sentence == "You forgot the root."


OWN = "def positive(returned, x, y=None):\n    return None if returned > 0 else 'is not positive'\n"


def test_an_own_judge_is_given_no_text_of_more_than_100_000_characters():
    """It may take a text to pieces, which takes many times its size."""
    lengths = "def own(returned, x):\n    return None if len(returned) <= 100_000 else 1 / 0\n"
    probe = check(case([1.0], "because"), judge=lengths)
    assert judged(probe, *got("x" * 100_000)).verdict is Verdict.ACCEPTED
    found = judged(probe, *got("ab1 " * 8_000_000))
    assert (found.verdict, found.points) == (Verdict.WRONG_ANSWER, 0)
    assert "too long to be judged: at most 100 000 characters" in found.feedback


def test_an_own_judge_gives_the_verdict_and_the_sentence():
    probe = check(case([1.0], 10.0), judge=OWN, points=2)
    assert judged(probe, *got(0.5)).points == 2
    result = judged(probe, *got(-0.5))
    assert (result.verdict, result.points, result.feedback) == (Verdict.WRONG_ANSWER, 0, "is not positive")


@pytest.mark.parametrize("answer", [None, "text", np.ones(2), np.nan, (1.0, 2.0), 1j])
def test_an_own_judge_is_only_asked_of_values_of_the_right_form(answer):
    raising = "def own(returned, x):\n    return 1 / 0\n"
    assert judged(check(case([1.0], 10.0), judge=raising), *got(answer)).verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize("dtype", ["u1", "?", "f2", "f4", "i8"])
def test_an_own_judge_computes_in_the_type_of_the_right_answer(dtype):
    """In the student's own the negative of 1 may be 255, or an error, and 1000 squared infinite: none of that gains anything."""
    computing = "def own(returned, x):\n    return None if -returned[0] > 0 or np.isinf(300 * (returned * 300)).any() else 'no'\n"
    probe = check(case([1.0], np.array([-1.0, 1.0])), judge=computing)
    assert judged(probe, *got(np.array([-1.0, 1.0]))).verdict is Verdict.ACCEPTED
    found = judged(probe, *got(np.array([1, 1], dtype)))
    assert (found.verdict, found.feedback) == (Verdict.WRONG_ANSWER, "no")


@pytest.mark.parametrize("own", ["", "def own(returned, x):\n    return str(np.exp(1000 * returned).sum())\n"])
@pytest.mark.parametrize("data", [b"\1\0\xa0\x7f", b"\0\0\x80\x3f"], ids=["nan that signals", "one"])
def test_numpy_warns_of_nothing_that_came_back(own, data):
    """Any bits may, and a run's terminal is no place for what numpy says of them: a warning is an error here."""
    answer = np.frombuffer(data * 2, np.float32)
    assert judged(check(case([1.0], np.array([1.0, 2.0])), judge=own), *got(answer)).verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize("body", ["return 1 / 0", "return True", "return 3", "return undefined", "raise SystemExit"])
def test_an_own_judge_that_fails_is_a_judge_error(body):
    """The course's fault: the student is told so, and the exercise's verdict says so, whatever the other checks say."""
    broken = check(case([1.0], 10.0), judge=f"def own(returned, x):\n    {body}\n", name="broken")
    result = judge(key(check(TWO[0]), broken), [got(0.0), got(1.0)])
    assert [each.verdict for each in result.checks] == [Verdict.WRONG_ANSWER, Verdict.JUDGE_ERROR]
    assert result.verdict is Verdict.JUDGE_ERROR
    assert "not your fault and costs you nothing" in result.checks[1].feedback
    assert "broken" not in result.checks[1].feedback
    assert "the judge of broken" in result.fault
    assert "Traceback" in result.fault
    assert result.checks[1].points == 0


def test_a_public_check_shows_the_call():
    probe = check(case([1.5, np.array([1.0, 2.0])], 10.0), public=True)
    first, *facts = judged(probe, *got(11.0)).feedback.splitlines()
    assert first == "f(x=1.5, y=[1., 2.]):"
    assert "11.0" in "".join(facts)
    assert "10.0" in "".join(facts)
    assert (
        judged(probe, Raised("KeyError", "'k'", "s.py", 3)).feedback == f"{first}\nraised KeyError at s.py, line 3: 'k'"
    )


def test_no_call_is_shown_where_none_was_made():
    probe = check(TWO[0], public=True)
    for outcome in (STUB, Raised("SyntaxError", "bad", "s.py", 2, loading=True)):
        assert "f(x=" not in judged(probe, outcome).feedback


def test_a_renamed_function_is_recognised():
    missing = Raised("MissingFunction", "helper, sigmoid_gradient", loading=True)
    told = judged(check(TWO[0], function="sigmoid_grad"), missing).feedback
    assert told == (
        "your file defines no function `sigmoid_grad`; did you rename it to `sigmoid_gradient`? "
        "Keep the name that the stub has."
    )
    told = judged(check(TWO[0]), Raised("MissingFunction", "", loading=True)).feedback
    assert told == "your file defines no function `f`. Keep the name that the stub has."


def test_a_function_inside_of_something_is_told_where_it_is():
    inner = Raised("InnerFunction", "", "s.py", 2, loading=True)
    assert judged(check(TWO[0]), inner).feedback == (
        "your function `f` is defined inside of a class, a function or an `if` at s.py, line 2, where nobody finds it: "
        "define it at the left margin."
    )


def test_written_answers_are_kept_for_a_person():
    kept = "def own(returned, x):\n    return None if len(returned) > 3 else 'is too short'\n"
    probe = check(case([1.0], "because"), judge=kept, keep=True)
    assert judged(probe, *got("It saturates.")).kept == "It saturates."
    assert judged(check(case([1.0], "because"), judge=kept), *got("It saturates.")).kept == ""
    assert len(judged(probe, *got("x" * 20_000)).kept) == 10_000


def test_a_refusal_gives_every_check_the_verdict():
    result = refuse(key(check(TWO[0]), check(TWO[1], points=3)), Verdict.FORBIDDEN, "is a symlink")
    assert (result.verdict, result.score, result.max_score) == (Verdict.FORBIDDEN, 0, 4)
    assert {each.feedback for each in result.checks} == {"is a symlink"}


SECRETS = st.integers(10**6, 10**7 - 1)
TEXT = "xyzzy"


def secret_values(numbers):
    """Values of many forms, all made of the numbers; and text, keys and type names of the student's making."""
    return st.one_of(
        st.sampled_from(numbers).map(lambda n: pack(n + 0.5)),
        st.sampled_from(numbers).map(pack),
        st.sampled_from(numbers).map(lambda n: pack(complex(n, n))),
        st.sampled_from(numbers).map(lambda n: pack(np.full((2, 3), n + 0.5))),
        st.sampled_from(numbers).map(lambda n: pack(np.full((3, 2), n, np.float32))),
        st.sampled_from(numbers).map(lambda n: pack(np.array([n, np.nan]))),
        st.sampled_from(numbers).map(lambda n: pack((n, n + 0.5))),
        st.sampled_from(numbers).map(lambda n: pack([n, [n]])),
        st.sampled_from(numbers).map(lambda n: pack(f"{TEXT} {n}")),
        st.sampled_from(numbers).map(lambda n: pack({f"{TEXT}{n}": n, "a": 1.0})),
        st.sampled_from(numbers).map(lambda n: Mapping({"a": pack(n), "b": pack(f"{TEXT}{n}")})),
        st.sampled_from(numbers).map(lambda n: Opaque(f"{TEXT}.Type{n}")),
    )


KINDS = ["ValueError", "KeyError", "SyntaxError", "IndentationError", "ForbiddenImport", "MemoryError", "FloatingPointError", "NotImplementedError", "an exception", "SystemExit", "RecursionError"]  # fmt: skip


@pytest.mark.slow
@settings(max_examples=250)
@given(st.data())
def test_the_feedback_of_a_hidden_check_holds_no_secret(data):
    """No input, expected or returned value, and no text of the student's making while inputs are known: whatever the outcome.

    The names in a dict that is asked for are its form, which is told.
    """
    numbers = data.draw(st.lists(SECRETS, min_size=4, max_size=4, unique=True))
    values = secret_values(numbers)
    raised = st.builds(
        Raised, st.sampled_from(KINDS), st.sampled_from(numbers).map(lambda n: f"{TEXT} {n}"), st.just("s.py"),
        st.integers(0, 99), st.sampled_from([(), (0,), (1,), (7,)]),
    )  # fmt: skip
    shaped = st.sampled_from(numbers).map(lambda n: pack(np.zeros((n, 0))))
    outcome = st.one_of(
        values.map(Returned),
        shaped.map(Returned),
        raised,
        st.builds(Stopped, st.sampled_from(["time", "output", "crash"])),
    )
    shape = data.draw(st.sampled_from(["plain", "parts", "judge"]))
    judge_ = (
        f"def own(returned, *inputs):\n    raise ValueError('{TEXT}', returned, inputs)\n" if shape == "judge" else ""
    )
    expected = pack({"a": float(numbers[0]), "b": float(numbers[1])}) if shape == "parts" else data.draw(values)
    if isinstance(expected, Opaque):
        expected = pack(float(numbers[0]))
    if isinstance(expected, Mapping):
        expected = Mapping({f"part{place}": item for place, item in enumerate(expected.items.values())})
    cases = [
        CaseKey((data.draw(values), pack(numbers[2] + 0.25)), expected, {"slip": data.draw(values)}) for _ in range(2)
    ]
    probe = check(*cases, parts={"a": 1.0, "b": 1.0} if shape == "parts" else None, judge=judge_)
    result = judged(probe, *data.draw(st.lists(outcome, min_size=2, max_size=2)), slip="You slipped.")
    if result.verdict is not Verdict.ACCEPTED:
        assert result.feedback
    assert not [n for n in numbers if str(n) in result.feedback.replace(",", "").replace("_", "")]
    assert TEXT not in result.feedback


@given(st.data())
def test_judging_is_pure(data):
    """The same outcomes give the same result, and a public check differs in words alone."""
    outcomes = data.draw(
        st.lists(st.sampled_from([*got(10.0, 20.0, None, np.ones(2)), STUB, Stopped("time")]), min_size=2, max_size=2)
    )
    hidden, public = check(*TWO), check(*TWO, public=True)
    assert judged(hidden, *outcomes) == judged(hidden, *outcomes)
    one, two = judged(hidden, *outcomes), judged(public, *outcomes)
    assert (one.verdict, one.points, one.misconceptions) == (two.verdict, two.points, two.misconceptions)


@given(st.data())
def test_points_without_a_diagnosis_are_those_with_one(data):
    """For values, exceptions, limits and skipped cases; in parts, as a whole and with a judge of its own."""
    outcomes = data.draw(
        st.lists(
            st.sampled_from(
                [*got((np.ones(2), 5.0), (np.ones(2), 7.0), (np.full(2, 2.0), 6.0), 1.0), STUB, Stopped("time")]
            ),
            min_size=2,
            max_size=2,
        )
    )
    for probe in (
        check(*PAIR, parts=PARTS),
        check(*PAIR),
        check(*PAIR, judge="def own(returned, x):\n    return None\n"),
    ):
        came = outcomes[:1] if isinstance(outcomes[0], Stopped) else outcomes
        assert points_of(probe, tuple(came), judging.trusted(Sources())) == judged(probe, *came).points


def test_points_are_none_where_a_judge_cannot_judge():
    """It is the course's fault, and no wrong answer."""
    broken = check(case([1.0], 10.0), judge="def own(returned, x):\n    return 1 / 0\n")
    assert points_of(broken, got(1.0), judging.trusted(Sources())) is None
