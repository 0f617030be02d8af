"""What a student is told of why the values are wrong: a known mistake, and only where it holds on all of them."""

# ruff: noqa: N803, N806  matrices have their names from the exercises: X, W, dW

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from msgspec.structs import replace

from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
from grader.judging.diagnosis import Alteration, Diagnosis, diagnose
from grader.judging.judge import judge
from grader.wire import messages as wire
from grader.wire.values import pack

J = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def case(*args: Any, expected: Any, **wrong: Any) -> CaseKey:
    """A case; a misconception that raises is given as None."""
    wrongs = {name: None if answer is None else pack(answer) for name, answer in wrong.items()}
    return CaseKey(tuple(map(pack, args)), pack(expected), wrongs)


def check(*cases: CaseKey, name: str = "a_check", **properties: Any) -> CheckKey:
    defaults: dict[str, Any] = {
        "claim": "claims something", "public": False, "function": "f", "points": 1.0, "parts": {}, "readonly": False,
        "strict": False, "judge": "", "driver": "", "keep": False, "arguments": ("X", "W"),
    }  # fmt: skip
    return CheckKey(name=name, cases=cases, **defaults | properties)


def returned(value: Any) -> wire.Returned:
    return wire.Returned(pack(value))


# --- misconceptions


PARTS = ("dW", "db")


def diagnosed(
    *answered: tuple[CheckKey, CaseKey, wire.Outcome | None], altered: tuple[Alteration, ...] = (), **words: str
) -> tuple[Diagnosis, ...]:
    """What is said of a function, whose misconceptions have these `words`."""
    checks = {
        item[0].name: msgspec.structs.replace(
            item[0], cases=tuple(each[1] for each in answered if each[0].name == item[0].name)
        )
        for item in answered
    }
    key = AnswerKey(exercise="e", misconceptions=words, hints=(), checks=tuple(checks.values()))
    return diagnose(key, answered, lambda: altered)


def shows(*pairs: tuple[CaseKey, wire.Outcome | None], parts: dict[str, float] | None = None) -> set[str]:
    """The parts in which the misconception m is told, from the cases of one check."""
    asked = check(parts=parts or {})
    found = diagnosed(*((asked, *pair) for pair in pairs), m="This is m.")
    assert all(each.sentence == "This is m." for each in found if each.misconception)
    return {part for each in found if each.misconception for part in each.parts}


WHOLE = {""}
SEPARATING = case(2.0, expected=4.0, m=5.0)
ANOTHER = case(3.0, expected=5.0, m=7.0)
ALIKE = case(1.0, expected=1.0)
RAISING = case(3.0, expected=9.0, m=None)
ZERO = case(4.0, expected=2.0, m=0.0)
RAISED = wire.Raised("ValueError")
OVERFLOW = wire.Raised("FloatingPointError")
SILENT = [RAISED, wire.Stopped("time"), None]


def test_a_misconception_shows_where_its_values_come_back():
    assert shows((SEPARATING, returned(5.0)), (ALIKE, returned(1.0))) == WHOLE


def test_a_misconception_is_not_told_where_another_has_all_of_its_values_and_more():
    """It explains nothing that the other does not; with as many each may be the one."""
    asked, both = check(), case(2.0, expected=4.0, m=5.0, more=5.0)
    for answered, told in [
        ([(asked, both, returned(5.0)), (asked, case(3.0, expected=5.0, more=7.0), returned(7.0))], ["more"]),
        ([(asked, both, returned(5.0)), (asked, ALIKE, returned(1.0))], ["m", "more"]),
    ]:
        found = diagnosed(*answered, m="This is m.", more="This is more.")
        assert [each.misconception for each in found] == told


@pytest.mark.parametrize("outcome", [returned(4.0), returned(6.0)])
def test_a_separating_case_with_another_value_refutes_it(outcome):
    assert not shows((SEPARATING, returned(5.0)), (SEPARATING, outcome))


def test_a_right_value_refutes_it_also_where_neither_is_a_finite_number():
    """As of code that gives inf for a nan, and forgets what is infinite."""
    nan, infinite = case(2.0, expected=np.inf, m=np.nan), case(3.0, expected=np.inf, m=np.nan)
    assert shows((nan, returned(np.nan)), (infinite, returned(np.nan))) == WHOLE
    assert not shows((nan, returned(np.inf)), (infinite, returned(np.nan)))


@pytest.mark.parametrize("outcome", SILENT)
def test_a_case_without_a_value_neither_shows_nor_refutes_it(outcome):
    """An exception for one sample, or a limit, hides none of the mistakes that the other cases show."""
    assert shows((SEPARATING, returned(5.0)), (ANOTHER, outcome)) == WHOLE
    assert not shows((SEPARATING, outcome), (ANOTHER, outcome))


def test_where_a_misconception_tells_nothing_no_value_shows_or_refutes_it():
    """As its author says; also with a slip on top of it."""
    silent = msgspec.structs.replace(ANOTHER, wrong={}, silent=("m",))
    for value in (5.0, 7.0, 9.0):
        assert shows((SEPARATING, returned(5.0)), (silent, returned(value))) == WHOLE
    assert not shows((silent, returned(7.0)))
    asked, cases = check(arguments=("dout", "z")), gates()
    answered = [(asked, each, returned(2 * values["both"])) for each, values in cases[1:]]
    elsewhere = msgspec.structs.replace(cases[0][0], wrong={}, silent=("both",))
    found = diagnosed((asked, elsewhere, returned(np.sin(cases[0][1]["dout"]))), *answered, both="Both.", none="None.")
    assert [(each.misconception, "times 2" in each.sentence) for each in found if each.way == 1] == [("both", True)]


def test_what_overflow_leaves_is_no_value_and_other_numbers_are_one():
    """An exponential that is too large leaves nan, and zeros beside it, where a formula has numbers otherwise."""
    large = case(1000.0, expected=np.array([0.5, 0.25, 0.25]), m=np.array([1.0, 2.0, 3.0]))
    assert shows((SEPARATING, returned(5.0)), (large, returned(np.array([np.nan, 0.0, 3.0])))) == WHOLE
    assert not shows((SEPARATING, returned(5.0)), (large, returned(np.array([np.nan, 0.0, 7.0]))))
    assert not shows((large, returned(np.array([np.nan, np.nan, 3.0]))))


def test_a_case_that_does_not_separate_tells_nothing():
    """Not even where the outcome there is wrong."""
    assert not shows((ALIKE, returned(1.0)))
    assert shows((SEPARATING, returned(5.0)), (ALIKE, returned(7.0)), (ALIKE, None)) == WHOLE


def test_values_of_another_kind_count_as_the_misconception_too():
    """A student's integers, where the wrong formula gives floats."""
    assert shows((SEPARATING, returned(5))) == WHOLE


@pytest.mark.parametrize("bad", [0.0, np.nan])
def test_zeros_and_nan_are_evidence_only_where_all_else_is_right_or_its_own(bad):
    """They come of anything: of a matrix that is all 0, of any overflow."""
    case_of_it = case(4.0, expected=2.0, m=bad)
    assert shows((case_of_it, returned(bad)), (ALIKE, returned(1.0))) == WHOLE
    assert not shows((case_of_it, returned(bad)), (ALIKE, returned(3.0)))
    assert shows((case_of_it, returned(bad)), (SEPARATING, returned(5.0)), (ALIKE, returned(3.0))) == WHOLE


def test_two_functions_that_both_raise_have_nothing_in_common_yet():
    assert not shows((RAISING, RAISED))
    assert not shows((RAISING, RAISED), (ALIKE, returned(1.0)))


def test_a_right_value_where_the_misconception_raises_refutes_it():
    assert shows((SEPARATING, returned(5.0)), (RAISING, RAISED)) == WHOLE
    assert shows((SEPARATING, returned(5.0)), (RAISING, wire.Stopped("crash"))) == WHOLE
    assert not shows((SEPARATING, returned(5.0)), (RAISING, returned(9.0)))


def test_a_floating_point_error_is_evidence_where_all_else_is_right():
    """The naive sigmoid: right values everywhere, and an overflow where the check lets it raise."""
    assert shows((RAISING, OVERFLOW), (ALIKE, returned(1.0))) == WHOLE
    assert not shows((RAISING, OVERFLOW), (ALIKE, returned(2.0)))
    assert not shows((RAISING, OVERFLOW), (ALIKE, None))


POINTS = {"dW": 1.0, "db": 1.0}
ONE_PART = case(expected=(J, J[0]), m=(2 * J, J[0]))
BOTH_PARTS = case(expected=(J, J[0]), m=(2 * J, 2 * J[0]))


def test_a_misconception_of_one_part_shows_whatever_the_other_part_is():
    wrong_elsewhere = returned((2 * J, J[0] + 7))
    assert not shows((ONE_PART, wrong_elsewhere))
    assert shows((ONE_PART, wrong_elsewhere), parts=POINTS) == {"dW"}
    assert not shows((ONE_PART, returned((3 * J, J[0]))), parts=POINTS)


def test_a_misconception_that_differs_in_two_parts_shows_in_both_or_not_at_all():
    """Only one product turned is not "the two are swapped"."""
    assert shows((BOTH_PARTS, returned((2 * J, 2 * J[0]))), parts=POINTS) == WHOLE
    assert not shows((BOTH_PARTS, returned((2 * J, J[0]))), parts=POINTS)
    assert not shows((ONE_PART, returned((J, J[0]))), (BOTH_PARTS, returned((J, 2 * J[0]))), parts=POINTS)


def test_an_answer_that_has_no_such_parts_shows_no_misconception_of_one():
    assert not shows((BOTH_PARTS, returned(2 * J[0, 0])), parts=POINTS)


# --- a slip on top of a misconception, and two misconceptions


def gates(count: int = 3) -> list[tuple[CaseKey, Any]]:
    """Cases of relu's backward pass, with the misconceptions "both" (dout gates too) and "none" (no gate at all)."""
    rng = np.random.default_rng(3)
    found = []
    for N in range(3, 3 + count):
        dout, z = rng.normal(size=(N, 4)), rng.normal(size=(N, 4))
        z[0, 0], dout[0, 0] = 0.0, 2.5
        right = np.where(z > 0, dout, 0)
        wrong = {"both": np.where((z > 0) & (dout > 0), dout, 0), "none": dout}
        found.append((case(dout, z, expected=right, **wrong), {"right": right, **wrong, "dout": dout, "z": z}))
    return found


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        (lambda v: -v["both"], "Then your values are as that gives them, but with the opposite sign."),
        (lambda v: 2 * v["both"], "Then your values are as that gives them, but times 2."),
        (
            lambda v: v["both"] / len(v["z"]),
            (
                "Then your values are as that gives them, but divided by dout.shape[0] = z.shape[0] (a mean where a sum is"
                " asked?)."
            ),
        ),
        (lambda v: np.where((v["z"] >= 0) & (v["dout"] > 0), v["dout"], 0), "And it does something else where z is 0."),
    ],
    ids=["sign", "factor", "mean", "kink"],
)
def test_a_slip_on_top_of_a_misconception_hides_it_no_more(slip, told):
    asked = check(arguments=("dout", "z"))
    found = diagnosed(*((asked, each, returned(slip(values))) for each, values in gates()), both="Both.", none="None.")
    assert [(each.way, each.misconception, each.sentence) for each in found] == [(1, "both", f"Both.\n{told}")]


def test_a_slip_on_top_needs_no_value_where_there_was_an_overflow():
    asked, cases = check(arguments=("dout", "z")), gates()
    answered = [(asked, each, returned(2 * values["both"])) for each, values in cases[1:]]
    lost = np.where(cases[0][1]["z"] > 0, np.nan, 0.0)
    found = diagnosed((asked, cases[0][0], returned(lost)), *answered, both="Both.", none="None.")
    assert [(each.misconception, "times 2" in each.sentence) for each in found if each.way == 1] == [("both", True)]


def test_a_factor_on_top_of_a_misconception_is_told_rather_than_two_slips_of_the_right_values():
    asked = check(arguments=("X",))
    cases = [case(J * n, expected=J * n, turned=(J * n).T, few=J[0] * n) for n in (1, 2)]
    for slip, misconception in (((-J).T, "turned"), (J[0] / 2, "few")):
        found = diagnosed(
            *((asked, each, returned(slip * n)) for n, each in enumerate(cases, 1)), turned="T.", few="F."
        )
        assert [(each.way, each.misconception) for each in found] == [(1, misconception)], found


def test_misconceptions_that_are_factors_of_each_other_are_all_told():
    """The wrong sign of a sum, and the sum where a mean is asked with the wrong sign, are the same two mistakes; half of one is a third."""
    asked = check(arguments=("X",))
    answered = [
        (asked, case(X, expected=X, minus=-X, total=len(X) * X, half=X / 2), returned(-len(X) * X))
        for X in (J, J.T, np.exp(J))
    ]
    found = diagnosed(*answered, minus="Minus.", total="Sum.", half="Half.")
    assert {(each.misconception, each.sentence.split(", ")[-1]) for each in found} == {
        ("minus", "but times X.shape[0] (a sum where a mean is asked?)."),
        ("total", "but with the opposite sign."),
    }


@pytest.mark.parametrize("factor", [-1, 2])
def test_a_factor_leaves_an_overflow_what_it_is(factor):
    """Where the factor is a mistake that is known, both are told; else the factor is told of what is finite."""
    asked, X = check(arguments=("X",)), J[0]
    overflow = np.full(X.shape, np.nan)
    cases = [case(X * n, expected=X * n, minus=-X * n) for n in (1, 2)]
    tail = case(X * 900, expected=X * 900, minus=-X * 900, large=overflow)
    answered = [(asked, each, returned(factor * n * X)) for n, each in enumerate(cases, 1)]
    found = diagnosed(*answered, (asked, tail, returned(overflow)), minus="Minus.", large="Large.")
    of_the_rest = (1, "Minus.") if factor == -1 else (
        2, "your values are the expected ones times 2, on 2 of the 2 inputs for which your values are finite"
    )  # fmt: skip
    of_the_overflow = "with the opposite sign" if factor == -1 else "times 2"
    assert [(each.way, each.sentence) for each in found] == [
        of_the_rest,
        (1, f"Large.\nThen your values are as that gives them, but {of_the_overflow}."),
    ]


def test_two_misconceptions_may_explain_the_checks_between_them():
    one, two = check(name="one", arguments=("dout", "z")), check(name="two", arguments=("dout", "z"))
    answered = [(one, each, returned(values["both"])) for each, values in gates()]
    answered += [(two, each, returned(values["none"])) for each, values in gates()]
    found = diagnosed(*answered, both="Both.", none="None.")
    assert {(each.misconception, *each.checks) for each in found} == {("both", "one"), ("none", "two")}
    answered += [
        (check(name="three", arguments=("dout", "z")), each, returned(np.sin(v["dout"]))) for each, v in gates()
    ]
    assert diagnosed(*answered, both="Both.", none="None.") == ()


def test_a_right_value_tells_that_neither_of_two_misconceptions_is_there():
    one, two, three = (check(name=name, arguments=("dout", "z")) for name in ("one", "two", "three"))
    answered = [(one, each, returned(values["both"])) for each, values in gates()]
    answered += [(two, each, returned(values["none"])) for each, values in gates()]
    assert len(diagnosed(*answered, both="Both.", none="None.")) == 2
    answered += [(three, each, returned(values["right"])) for each, values in gates()]
    assert diagnosed(*answered, both="Both.", none="None.") == ()


# --- altered inputs


def alteration(value: Any, sentence: str = "altered", misconception: str = "") -> Alteration:
    """An alteration of the `gates`, in the check called a_check."""
    answers = {("a_check", index): pack(value(values)) for index, (_, values) in enumerate(gates())}
    return Alteration(sentence, answers, misconception)


def on_gates(mistake: Any, *altered: Alteration, **words: str) -> list[tuple[int, str, str]]:
    asked = check(arguments=("dout", "z"))
    found = diagnosed(*((asked, each, returned(mistake(v))) for each, v in gates()), altered=altered, **words)
    return [(each.way, each.sentence, each.misconception) for each in found]


def test_an_alteration_is_told_where_all_values_are_its_own():
    ones = alteration(lambda v: (v["z"] > 0) + 0.5 * v["dout"], "as if dout were something else")
    assert on_gates(lambda v: (v["z"] > 0) + 0.5 * v["dout"], ones) == [(3, "as if dout were something else", "")]
    assert on_gates(lambda v: np.sin(v["dout"]), ones) == []


def test_a_slip_may_be_on_top_of_an_alteration():
    absolute = alteration(lambda v: np.abs(v["right"]), "as if dout were |dout|")
    (found,) = on_gates(lambda v: -np.abs(v["right"]), absolute)
    assert found[1] == "as if dout were |dout|\nThen your values are as that gives them, but with the opposite sign."


def test_what_is_known_better_is_told_instead_of_an_alteration():
    both = alteration(lambda v: v["both"])
    assert on_gates(lambda v: v["both"], both, both="Both.") == [(1, "Both.", "both")]
    assert on_gates(lambda v: -v["right"], alteration(lambda v: -v["right"]))[0][0] == 2


def test_an_alteration_says_more_than_in_which_rows_the_values_are_right():
    def last(v: Any) -> Any:
        return np.vstack([np.sin(v["dout"][:-1]), v["right"][-1:]])

    assert "right in the last row only" in on_gates(last)[0][1]
    assert on_gates(last, alteration(last, "as if dout were another")) == [(3, "as if dout were another", "")]


def test_an_alteration_without_an_answer_to_each_case_is_not_told():
    whole = alteration(lambda v: np.abs(v["right"]))
    short = replace(whole, answers={place: value for place, value in whole.answers.items() if place[1]})
    assert on_gates(lambda v: np.abs(v["right"]), whole) != []
    assert on_gates(lambda v: np.abs(v["right"]), short) == []


def test_two_arguments_may_be_altered_each_in_its_own_way():
    """Where each shows in a part of its own; and nothing is on top of a part that is right."""
    asked = check(arguments=("X", "W"), parts={"dX": 1.0, "dW": 1.0})
    rng = np.random.default_rng(1)
    given = [(rng.normal(size=(n, 4)), rng.normal(size=(n, 4))) for n in (2, 3)]
    cases = [case(X, W, expected=(W, X)) for X, W in given]

    def altered(sentence: str, X: Any, W: Any) -> Alteration:
        return Alteration(sentence, {("a_check", n): pack((W(each[1]), X(each[0]))) for n, each in enumerate(given)})

    def same(array: Any) -> Any:
        return array

    ways = (altered("|X|", np.abs, same), altered("sin W", same, np.sin), altered("-X", np.negative, np.sin))
    answered = [(asked, each, returned((np.sin(W), np.abs(X)))) for each, (X, W) in zip(cases, given, strict=True)]
    found = diagnosed(*answered, altered=ways)
    assert {(each.sentence, *each.parts) for each in found if each.way == 3} == {("|X|", "dW"), ("sin W", "dX")}
    answered = [(asked, each, returned((np.sin(W), X))) for each, (X, W) in zip(cases, given, strict=True)]
    assert [each.sentence for each in diagnosed(*answered, altered=ways[2:])] == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [(lambda X: (np.cos(X), X.sum(axis=0)), ["m"]), (lambda X: (X, X.sum(axis=1)), [])],
    ids=["of_the_wrong_part", "of_the_right_part"],
)
def test_a_misconception_is_told_of_altered_inputs_where_its_own_part_is_wrong(wrong, told):
    """Sums along the wrong axis of a matrix that is turned are the right ones: two such mistakes are a coincidence."""
    asked = check(arguments=("X",), parts={"values": 1.0, "sums": 1.0})
    given = [np.random.default_rng(seed).normal(size=(3, 3)) for seed in (1, 2)]
    returns = [(np.sin(np.exp(X)), X.sum(axis=0)) for X in given]
    cases = [case(X, expected=(X, X.sum(axis=0)), m=wrong(X)) for X in given]
    answered = [(asked, each, returned(values)) for each, values in zip(cases, returns, strict=True)]
    answers = {("a_check", index): pack(values) for index, values in enumerate(returns)}
    found = diagnosed(*answered, altered=(Alteration("m, of X transposed", answers, "m"),), m="This is m.")
    assert [each.misconception for each in found if each.way == 3] == told


def test_an_alteration_that_shows_in_one_part_explains_another_with_little_in_it():
    """A flag that is wrong once is no evidence, and none against what the other part shows."""
    asked = check(arguments=("dout", "z"), parts={"dz": 1.0, "flag": 1.0})
    values = [((v["right"], 0.0), (np.abs(v["right"]), float(not index))) for index, (_, v) in enumerate(gates())]
    cases = [case(*each.args, expected=right) for (each, _), (right, _) in zip(gates(), values, strict=True)]
    absolute = Alteration("as if dout were |dout|", {("a_check", n): pack(got) for n, (_, got) in enumerate(values)})

    def told(*gots: Any) -> list[tuple[str, frozenset[str]]]:
        answered = [(asked, each, returned(got)) for each, got in zip(cases, gots, strict=True)]
        return [(each.sentence, each.parts) for each in diagnosed(*answered, altered=(absolute,)) if each.way == 3]

    assert told(*(got for _, got in values)) == [("as if dout were |dout|", frozenset({"dz", "flag"}))]
    assert told(*((right[0], got[1]) for right, got in values)) == []
    assert told(*((got[0], 1.0) for _, got in values)) == []


@pytest.mark.slow
@settings(max_examples=300)
@given(data=st.data())
def test_a_diagnosis_of_any_values_ends_without_an_error(data):
    """Whatever comes back, beside whatever misconceptions and alterations give: something is said, or nothing."""
    kinds = st.sampled_from(["f8", "f4", "i8", "b1", "c16"])
    shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)

    def some(shape: Any = None) -> Any:
        return data.draw(hnp.arrays(data.draw(kinds), shape or data.draw(shapes)))

    def value(like: Any = None) -> Any:
        single = some(like.shape if like is not None and data.draw(st.booleans()) else None)
        return data.draw(st.sampled_from([single, (single, some()), {"dW": single, "db": some()}, None, "text"]))

    answered = []
    parts = data.draw(st.sampled_from([{}, POINTS]))
    for index in range(data.draw(st.integers(1, 3))):
        right = data.draw(st.sampled_from([some(), (some(), some())]))
        first = right[0] if isinstance(right, tuple) else right
        each = case(some(first.shape), some(), expected=right, m=value(first), n=value(first))
        outcome = data.draw(st.sampled_from([returned(value(first)), returned(right), RAISED, OVERFLOW, None]))
        answered.append((check(name=f"c{index}", parts=parts if isinstance(right, tuple) else {}), each, outcome))
    answers = {(f"c{index}", 0): pack(value()) for index in range(len(answered))}
    found = diagnosed(*answered, altered=(Alteration("altered", answers),), m="M.", n="N.")
    assert all(each.sentence and each.checks and each.parts for each in found)


# --- generic mistakes


def gradients(count: int = 3) -> list[tuple[CaseKey, Any, Any]]:
    """Cases with the parts dW and db, and the right values."""
    rng = np.random.default_rng(0)
    found = []
    for N in range(3, 3 + count):
        X, G = rng.normal(size=(N, 2)), rng.normal(size=(N, 4))
        dW, db = X.T @ G, G.sum(axis=0)
        found.append((case(X, G, expected=(dW, db)), dW, db))
    return found


def told(mistake: Any, *, parts: dict[str, float] | None = None, **properties: Any) -> dict[str, str]:
    asked = check(parts={"dW": 1.0, "db": 1.0} if parts is None else parts, **properties)
    return symptoms([(asked, each, returned(mistake(dW, db))) for each, dW, db in gradients()])


def symptoms(answered: Any) -> dict[str, str]:
    """The slips that are told, by part."""
    return {part: each.sentence for each in diagnosed(*answered) if each.way == 2 for part in each.parts}


TRANSPOSED = "your values are the expected ones transposed, on 3 of 3 inputs"
NEGATIVE = "your values are the expected ones with the opposite sign, on 3 of 3 inputs"


def test_each_part_has_its_own_generic_diagnosis():
    assert told(lambda dW, db: (dW.T, -db)) == {"dW": TRANSPOSED, "db": NEGATIVE}
    assert told(lambda dW, db: (dW.T, db)) == {"dW": TRANSPOSED}
    assert told(lambda dW, db: (dW.T, np.sin(db))) == {"dW": TRANSPOSED}


def test_parts_without_points_of_their_own_go_by_their_position():
    assert told(lambda dW, db: (dW.T, db), parts={}) == {"result[0]": TRANSPOSED}


def test_named_gradients_are_diagnosed_in_any_order_of_their_keys():
    pairs = [(case(expected={"dW": dW, "db": db}), {"db": db, "dW": dW.T}) for _, dW, db in gradients()]
    for parts, label in [({"dW": 1.0, "db": 1.0}, "dW"), ({}, "result['dW']")]:
        found = symptoms([(check(parts=parts), each, returned(got)) for each, got in pairs])
        assert found == {label: TRANSPOSED}


def test_swapped_parts_are_one_diagnosis_of_the_whole():
    what = "the expected ones in the order db, dW; asked is dW, db"
    assert told(lambda dW, db: (db, dW)) == {"": f"your values are {what} (on 3 of 3 inputs)"}


@pytest.mark.parametrize("outcome", [returned(None), returned("dW"), returned(J), returned((J, J, J))])
def test_a_value_of_another_structure_ends_every_generic_diagnosis(outcome):
    asked = check(parts=POINTS)
    answered = [(asked, each, returned((dW.T, db))) for each, dW, db in gradients()]
    assert symptoms(answered) == {"dW": TRANSPOSED}
    assert symptoms([*answered, (asked, answered[0][1], outcome)]) == {}


@pytest.mark.parametrize("outcome", SILENT)
def test_a_case_without_a_value_is_said_beside_a_generic_diagnosis(outcome):
    asked = check(parts=POINTS)
    answered = [(asked, each, returned((dW.T, db))) for each, dW, db in gradients()]
    what = "the expected ones transposed, on 3 of the 3 inputs for which your function returns"
    assert symptoms([*answered, (asked, answered[0][1], outcome)]) == {"dW": f"your values are {what}"}


def test_checks_with_a_judge_of_their_own_are_left_out():
    """Their answers are not unique, so being unlike the reference's says nothing."""
    own = check(parts={"dW": 1.0, "db": 1.0}, judge="def judge(returned, X, G): return None")
    each, dW, db = gradients()[0]
    asked = check(parts={"dW": 1.0, "db": 1.0})
    answered = [(asked, item, returned((a.T, b))) for item, a, b in gradients()]
    assert symptoms([*answered, (own, each, RAISED)]) == {"dW": TRANSPOSED}
    assert symptoms([(own, each, returned((dW.T, db)))]) == {}


def test_right_values_and_written_answers_have_no_generic_diagnosis():
    assert told(lambda dW, db: (dW, db)) == {}
    assert symptoms([(check(), case(1.0, expected="yes"), returned("no"))] * 2) == {}
    assert symptoms([]) == {}


def test_a_case_in_which_a_text_is_asked_too_leaves_the_others_their_diagnosis():
    texts = [(check(name="texts"), case(n, expected=(J, "(2, 3)")), returned((2 * J, "(2, 3)"))) for n in (1.0, 2.0)]
    numbers = [(check(name="numbers"), case(n, expected=n * J), returned(-n * J)) for n in (1.0, 2.0)]
    (found,) = diagnosed(*texts, *numbers)
    assert (found.sentence.split(",")[0], found.checks) == (
        "your values are the expected ones with the opposite sign",
        frozenset({"numbers"}),
    )


def test_no_mistake_is_looked_for_in_an_immense_answer():
    """A frame holds four million numbers: searching each of them for every mistake took a minute for one answer."""
    square = np.random.default_rng(0).normal(size=(224, 224))
    small, immense = square[:200], np.tile(square, (2, 1))
    assert symptoms([(check(), case(expected=small), returned(small.T))] * 2) != {}
    assert symptoms([(check(), case(expected=immense), returned(immense.T))] * 2) == {}


def test_factors_are_named_after_the_arguments_of_the_check():
    rng = np.random.default_rng(1)
    answered = []
    for n in (3, 5):
        X = rng.normal(size=(n, 4))
        answered.append((check(arguments=("X",)), case(X, expected=np.tanh(X)), returned(np.tanh(X) / n)))
    what = "divided by X.shape[0] (a mean where a sum is asked?)"
    assert symptoms(answered) == {"": f"your values are the expected ones {what}, on 2 of 2 inputs"}


# --- where a student reads it


def judged(mistake: Any, *, hidden: Any = None, misconceptions: Any = None) -> list[str]:
    """The feedback of a public and a hidden check with parts on the same kind of cases."""
    (one, *few) = gradients()
    named = misconceptions or {}
    with_wrong = [
        (CaseKey(each.args, each.expected, {name: pack(answer(dW, db)) for name, answer in named.items()}), dW, db)
        for each, dW, db in (one, *few)
    ]
    parts = {"dW": 1.0, "db": 1.0}
    checks = (
        check(with_wrong[0][0], name="on_paper", public=True, parts=parts),
        check(*(each for each, _, _ in with_wrong[1:]), name="any_sizes", parts=parts),
    )
    key = AnswerKey(exercise="e", misconceptions={name: f"this is {name}" for name in named}, hints=(), checks=checks)
    answers = [returned(mistake(dW, db)) for _, dW, db in with_wrong]
    last = [returned((hidden or mistake)(dW, db)) for _, dW, db in with_wrong[1:]]
    return [result.feedback for result in judge(key, [(answers[0],), tuple(last)]).checks]


def test_feedback_of_every_wrong_check_starts_with_the_generic_diagnosis():
    public, hidden = judged(lambda dW, db: (dW.T, db))
    assert public.startswith(f"dW: {TRANSPOSED}\ndb is right, dW is wrong\nf(X=")
    assert hidden.splitlines() == [
        f"dW: {TRANSPOSED}",
        "db is right, dW is wrong",
        "dW: returned shape (4, 2), asked was (2, 4)",
    ]


def test_parts_with_the_same_diagnosis_are_told_once():
    assert all(text.startswith(f"dW, db: {NEGATIVE}\n") for text in judged(lambda dW, db: (-dW, -db)))


def test_a_misconception_of_the_exercise_comes_before_any_generic_diagnosis():
    texts = judged(lambda dW, db: (dW.T, db), misconceptions={"turned": lambda dW, db: (dW.T, db)})
    assert all(text.startswith("this is turned\n") and TRANSPOSED not in text for text in texts)


def test_a_part_that_no_misconception_explains_still_gets_its_generic_diagnosis():
    texts = judged(lambda dW, db: (dW.T, -db), misconceptions={"turned": lambda dW, db: (dW.T, db)})
    assert all(text.startswith(f"this is turned\ndb: {NEGATIVE}\n") for text in texts)


def test_where_one_check_does_not_fit_only_the_facts_are_told():
    texts = judged(lambda dW, db: (dW.T, db), hidden=lambda dW, db: (np.sin(dW), db))
    assert not any("your values are" in text for text in texts)


@given(
    sign=st.sampled_from([-1, 1]), power=st.sampled_from([-1, 0, 1]), turned=st.booleans(), secret=st.integers(8, 99)
)
def test_a_generic_diagnosis_of_hidden_checks_holds_no_number_of_their_inputs(sign, power, turned, secret):
    """Digits in it are axes, the factor 2 and counts of inputs; a dimension goes by its name."""
    rng = np.random.default_rng(secret)
    answered = []
    for n in (secret, secret + 1):
        X = rng.normal(size=(n, 7))
        got = sign * float(n) ** power * np.tanh(X)
        got = got.T if turned else got
        answered.append((check(arguments=("X",)), case(X, expected=np.tanh(X)), returned(got)))
    found = symptoms(answered)
    assert bool(found) == (sign < 0 or power != 0 or turned)
    digits = {word for text in found.values() for word in text if word.isdigit()}
    assert digits <= {"0", "2"}


# --- for which inputs


def batches(mistake: Any, *, fails: int = 0) -> list[tuple[CheckKey, CaseKey, wire.Outcome | None]]:
    """Answers to one sample and to more, two of each; of those to more so many raise."""
    rng = np.random.default_rng(1)
    found = []
    for n in (1, 1, 3, 4, 5):
        X = rng.normal(size=(n, 2))
        want = np.tanh(X).sum(axis=0)
        found.append(
            (check(arguments=("X",)), case(X, expected=want), returned(want if n == 1 else mistake(want, rng)))
        )
    return found[: 5 - fails] + [(*item[:2], RAISED) for item in found[5 - fails :]]


def test_where_nothing_explains_the_values_it_is_told_for_which_inputs_they_are_right():
    (found,) = diagnosed(*batches(lambda want, rng: want + rng.normal(size=2)))
    said = "your values are right where X has one row and wrong where it has several rows"
    assert (found.way, found.sentence) == (5, f"{said}, on 5 of 5 inputs")
    (found,) = diagnosed(*batches(lambda want, rng: want + rng.normal(size=2), fails=1))
    assert found.sentence == f"{said}, on 4 of the 4 inputs for which your function returns"


@pytest.mark.parametrize(
    ("sizes", "value", "told"), [((2, 3, 4), 2, True), ((2, 3), 2, False), ((2, 3, 4), 0, False)],
    ids=["of an example", "of two alone", "zeros"],
)  # fmt: skip
def test_the_same_value_for_all_inputs_is_told_as_that(sizes, value, told):
    """As of who hands back the numbers of the example on paper; two that are alike may be alike by chance."""
    asked, given = check(arguments=("n",)), [np.array(size) for size in sizes]
    answered = [(asked, case(n, expected=np.array([n, n * n])), returned(np.array([value, 2 * value]))) for n in given]
    found = [each.sentence for each in diagnosed(*answered)]
    said = "your values are the same for all inputs (are they those of one example?), on 3 of 3 inputs"
    assert (said in found) == told


@pytest.mark.parametrize("value", [None, "0.5", object()], ids=["None", "text", "object"])
def test_what_is_no_value_of_the_form_asked_is_told_as_that_alone(value):
    """As of a function without a `return`: None is the same for all inputs, and the numbers of no example."""
    asked, given = check(arguments=("n",)), [np.array(size) for size in (2, 3, 4)]
    assert not diagnosed(*((asked, case(n, expected=np.array([n, n * n])), returned(value)) for n in given))


def test_for_which_inputs_they_are_right_is_not_told_of_what_is_explained():
    answered = batches(lambda want, rng: want + rng.normal(size=2))
    values = {("a_check", index): item[2].value for index, item in enumerate(answered)}  # type: ignore[union-attr]
    assert [each.way for each in diagnosed(*answered, altered=(Alteration("Those.", values),))] == [3]


@pytest.mark.parametrize("right", [True, False])
def test_for_which_inputs_a_function_raises_is_told_whatever_its_values_are(right):
    """Of the checks in which it raises; but not where a check makes it raise, or where there is a limit."""
    rng = np.random.default_rng(1)
    answered = []
    for name, n in (("one", 1), ("one", 1), ("one", 3), ("more", 3), ("more", 4)):
        X = rng.normal(size=(n, 2))
        outcome = RAISED if n == 1 else returned(X if right else rng.normal(size=(n, 2)))
        answered.append((check(name=name, arguments=("X",)), case(X, expected=X), outcome))
    said = "your function raises where X has one row and returns a value where it has several rows, on 5 of 5 inputs"
    assert [(each.way, each.sentence, each.checks) for each in diagnosed(*answered)] == [(5, said, frozenset({"one"}))]
    made = [(check(name="r", readonly=True, arguments=("X",)), case(J, expected=J), RAISED)]
    assert diagnosed(*answered, *made)[-1].sentence == said
    stopped = [(*item[:2], wire.Stopped("time") if item[2] is RAISED else item[2]) for item in answered]
    assert not diagnosed(*stopped)
