"""A term's sum, by hand and for any marks."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.policies import Attempt, Attempts, Extension, Late
from grader.course.term import Optional, Part, Rules, Sum, arithmetic, rounded, term

if TYPE_CHECKING:
    from collections.abc import Sequence

START = datetime(2027, 3, 1, 22, 59, tzinfo=UTC)
TEN_A_DAY = Late(percent=10)


def part(number: int, possible: float = 10.0, *, weight: float | None = None, optional: bool = False) -> Part:
    """The assignment of a week, with one exercise."""
    due = START + timedelta(weeks=number)
    return Part(
        name=f"w{number}", due=due, late=TEN_A_DAY, possible={f"e{number}": possible}, weight=weight, optional=optional
    )


def handed_in(one: Part, points: float | None, days_late: float = 0.0) -> dict[tuple[str, str], list[Attempt]]:
    """An attempt at its exercise."""
    ((exercise, possible),) = one.possible.items()
    assert one.due is not None
    at = one.due + timedelta(days=days_late)
    return {(one.name, exercise): [Attempt(name="a", at=at, trusted=True, points=points, possible=possible)]}


def summed(marks: Sequence[tuple[Part, float | None, float]], rules: Rules | None = None, **more) -> Sum:
    """The term of a student with these assignments, points and days late."""
    attempts = {key: value for one, points, late in marks for key, value in handed_in(one, points, late).items()}
    return term("alice", (), [one for one, _, _ in marks], attempts, rules or Rules(), **more)


def test_points_add_up_without_weights() -> None:
    assert summed([(part(0, 30.0), 15.0, 0), (part(1, 10.0), 10.0, 0)]).percent == pytest.approx(62.5)


def test_weights_count_shares() -> None:
    found = summed([(part(0, 30.0, weight=25), 15.0, 0), (part(1, 10.0, weight=75), 10.0, 0)])
    assert found.percent == pytest.approx(25 * 0.5 + 75)


def test_what_was_not_handed_in_counts_as_nothing() -> None:
    found = term("alice", (), [part(0), part(1)], handed_in(part(0), 10.0), Rules())
    assert found.percent == pytest.approx(50)


def test_what_is_excused_is_in_neither_sum() -> None:
    found = summed([(part(0), 2.0, 0), (part(1), 8.0, 0)], excused={"w0"})
    assert found.percent == pytest.approx(80)


@pytest.mark.parametrize(("optional", "percent"), [("apart", 50.0), ("extra", 75.0)])
def test_optional_work_is_not_in_the_maximum(optional: Optional, percent: float) -> None:
    marks = [(part(0), 5.0, 0.0), (part(1, 5.0, optional=True), 2.5, 0.0)]
    assert summed(marks, Rules(optional=optional)).percent == pytest.approx(percent)


def test_late_days_are_used_in_order_of_due_dates() -> None:
    found = summed([(part(1), 10.0, 2), (part(0), 10.0, 2)], Rules(budget_days=3))
    assert [(mark.part.name, mark.days_used, mark.points) for mark in found.marks] == [("w1", 1, 9.0), ("w0", 2, 10.0)]


def test_the_sum_waits_for_a_person() -> None:
    found = summed([(part(0), 10.0, 0), (part(1), None, 0)])
    assert found.percent is None
    assert found.exact == pytest.approx(50)


MARKS = st.lists(
    st.tuples(st.floats(1, 20), st.floats(0, 1), st.integers(0, 6), st.floats(0.5, 50)), min_size=1, max_size=5
)


@given(MARKS, st.integers(0, 3), st.integers(0, 6), st.data())
def test_an_extension_never_lowers_the_sum(marks, dropped, budget, data) -> None:
    """With one attempt at each exercise, whatever is weighed, dropped and covered."""
    mine = [(part(number, possible, weight=weight), possible * share, late) for number, (possible, share, late, weight) in enumerate(marks)]  # fmt: skip
    which, days = data.draw(st.integers(0, len(marks) - 1)), data.draw(st.integers(0, 6))
    rules = Rules(drop_lowest=dropped, budget_days=budget)
    extension = Extension(who="alice", assignment=f"w{which}", until=START + timedelta(weeks=which, days=days))
    assert summed(mine, rules, extensions=[extension]).exact >= summed(mine, rules).exact - 1e-9


@given(MARKS, st.integers(0, 4))
def test_what_is_dropped_leaves_the_best_sum_that_there_is(marks, dropped) -> None:
    mine = [(part(number, possible, weight=weight), possible * share, 0) for number, (possible, share, _, weight) in enumerate(marks)]  # fmt: skip
    kept = len(mine) - min(dropped, len(mine) - 1)
    best = max(summed(list(some)).exact for some in itertools.combinations(mine, kept))
    found = summed(mine, Rules(drop_lowest=dropped))
    assert found.exact == pytest.approx(best)
    assert sum(mark.dropped for mark in found.marks) == len(mine) - kept


@given(st.floats(0, 100), st.sampled_from([0.01, 0.1, 0.5, 1.0, 5.0]))
def test_rounding_gives_the_nearest_multiple(number: float, step: float) -> None:
    found = rounded(number, step)
    assert abs(found - number) <= step / 2 * (1 + 1e-6)
    assert found / step == pytest.approx(round(found / step))


@pytest.mark.parametrize(("number", "step", "expected"), [(62.5, 1, 63), (0.35, 0.1, 0.4), (99.4999, 1, 99), (7, 0, 7)])
def test_halves_are_rounded_up(number: float, step: float, expected: float) -> None:
    assert rounded(number, step) == pytest.approx(expected)


def test_of_what_is_not_due_yet_a_line_says_so_and_no_exercise_is_listed() -> None:
    """Nothing counts then; what was handed in before its time does."""
    parts, now = [part(0), part(1)], START - timedelta(days=1)
    nothing = term("alice", (), parts, {}, Rules(), now=now)
    assert not nothing.begun
    line, *_, last = arithmetic(nothing)
    assert line == "w0: 0 of 10, due 2027-03-01T22:59:00+00:00 (nothing was handed in, and it is not due yet)"
    assert (len(list(arithmetic(nothing))), last) == (3, "nothing counts yet")
    assert term("alice", (), parts, handed_in(parts[1], 5.0, -8), Rules(), now=now).begun


def test_the_arithmetic_is_told_line_by_line() -> None:
    marks = [(part(0, weight=40), 10.0, 3.0), (part(1, weight=60), 7.5, 0.0), (part(2, 5.0, optional=True), 5.0, 0.0)]
    lines = list(arithmetic(summed(marks, Rules(budget_days=1, rounding=0.5, attempts=Attempts()))))
    assert lines == [
        "w0: 8 of 10, due 2027-03-01T22:59:00+00:00",
        "  e0: 10 of 10; handed in 3 d late, 1 d of it covered by the term's late days, 20 % off: 8",
        "  late days used: 1",
        "w1: 7.5 of 10, due 2027-03-08T22:59:00+00:00",
        "  e1: 7.5 of 10",
        "w2: 5 of 5, due 2027-03-15T22:59:00+00:00 (optional)",
        "  e2: 5 of 5",
        "sum: (40 x 8/10 + 60 x 7.5/10) / 100 = 77 %",
        "final: 77 %, rounded to a multiple of 0.5",
    ]
