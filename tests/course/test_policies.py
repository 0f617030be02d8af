"""Late, attempts, extensions: what the rules make of points, for any times and points."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.course.policies import Attempt, Attempts, Extension, Late, candidates, chosen, due_of, graded

DUE = datetime(2027, 3, 1, 22, 59, tzinfo=UTC)
RULES = st.builds(
    Late,
    grace_minutes=st.integers(0, 300), percent=st.floats(0, 100), per=st.sampled_from(["hour", "day", "once"]),
    at_most=st.floats(1, 100), cutoff_days=st.none() | st.floats(0.1, 30),
)  # fmt: skip
MINUTES = st.integers(-5_000, 60_000)
DAYS = st.integers(0, 10)


def handed_in(minutes: int, points: float | None = 8.0, name: str = "a", *, trusted: bool = True) -> Attempt:
    """An attempt so many minutes after the due date."""
    return Attempt(name=name, at=DUE + timedelta(minutes=minutes), trusted=trusted, points=points, possible=10.0)


def final(attempt: Attempt, rule: Late, *, due: datetime = DUE, budget: int = 0) -> float:
    """What is left of the attempt when it is the only one."""
    found = chosen([attempt], due, rule, Attempts(), budget)
    assert found is not None
    assert found.final is not None
    return found.final


@given(RULES, MINUTES, MINUTES, DAYS)
def test_later_is_never_worth_more(rule: Late, one: int, other: int, budget: int) -> None:
    early, late = sorted((one, other))
    assert final(handed_in(late), rule, budget=budget) <= final(handed_in(early), rule, budget=budget)


@given(RULES, MINUTES, st.integers(0, 60_000), DAYS)
def test_an_extension_never_lowers(rule: Late, minutes: int, more: int, budget: int) -> None:
    extended = due_of(
        DUE, {"alice"}, "w1", [Extension(who="alice", assignment="w1", until=DUE + timedelta(minutes=more))]
    )
    assert extended is not None
    assert final(handed_in(minutes), rule, due=extended, budget=budget) >= final(
        handed_in(minutes), rule, budget=budget
    )


@pytest.mark.slow
@given(RULES, MINUTES, DAYS, DAYS)
def test_another_late_day_never_lowers(rule: Late, minutes: int, few: int, more: int) -> None:
    few, more = sorted((few, more))
    assert final(handed_in(minutes), rule, budget=more) >= final(handed_in(minutes), rule, budget=few)


@given(RULES, st.integers(-5_000, 0))
def test_what_is_in_time_keeps_its_points(rule: Late, minutes: int) -> None:
    assert final(handed_in(minutes), rule) == 8.0


@given(RULES, MINUTES)
def test_a_time_that_no_service_recorded_costs_nothing_and_is_unknown(rule: Late, minutes: int) -> None:
    found = graded(handed_in(minutes, trusted=False), DUE, rule)
    assert found.late is None
    assert found.final == 8.0


@given(RULES, st.lists(st.tuples(MINUTES, st.floats(0, 10)), min_size=1, max_size=6), st.randoms(), DAYS,
       st.builds(Attempts, count=st.sampled_from(["last", "best", "first"]), at_most=st.none() | st.integers(1, 5),
                 cool_down_minutes=st.integers(0, 500)))  # fmt: skip
def test_the_order_of_import_does_not_matter(rule, given_in, random, budget, attempts) -> None:
    handed = [handed_in(minutes, points, str(number)) for number, (minutes, points) in enumerate(given_in)]
    shuffled = random.sample(handed, len(handed))
    assert chosen(handed, DUE, rule, attempts, budget) == chosen(shuffled, DUE, rule, attempts, budget)


@given(RULES, st.lists(st.tuples(MINUTES, st.floats(0, 10)), min_size=1, max_size=6), DAYS)
def test_the_best_is_worth_what_no_other_exceeds(rule: Late, given_in: list[tuple[int, float]], budget: int) -> None:
    handed = [handed_in(minutes, points, str(number)) for number, (minutes, points) in enumerate(given_in)]
    found = chosen(handed, DUE, rule, Attempts(count="best"), budget)
    assert found is not None
    assert found.final == max(final(each, rule, budget=budget) for each in handed)


@pytest.mark.parametrize(
    ("minutes", "rule", "left"),
    [
        (10, Late(percent=10, grace_minutes=15), 8.0),
        (16, Late(percent=10, grace_minutes=15), 7.2),
        (24 * 60, Late(percent=10), 7.2),
        (24 * 60 + 1, Late(percent=10), 6.4),
        (61, Late(percent=5, per="hour"), 7.2),
        (9_000, Late(percent=25, per="once"), 6.0),
        (30 * 24 * 60, Late(percent=10, at_most=50), 4.0),
        (2 * 24 * 60 + 1, Late(cutoff_days=2), 0.0),
        (2 * 24 * 60, Late(cutoff_days=2), 8.0),
    ],
)
def test_lateness_by_hand(minutes: int, rule: Late, left: float) -> None:
    assert final(handed_in(minutes), rule) == pytest.approx(left)


def test_late_days_are_taken_off_what_is_late_but_not_off_a_cut_off() -> None:
    two_days = handed_in(2 * 24 * 60)
    assert final(two_days, Late(percent=10), budget=1) == pytest.approx(7.2)
    assert final(two_days, Late(percent=10, cutoff_days=1), budget=2) == 0.0


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        (Attempts(), ["a", "b", "c"]),
        (Attempts(at_most=2), ["a", "b"]),
        (Attempts(cool_down_minutes=10), ["a", "c"]),
        (Attempts(cool_down_minutes=10, at_most=1), ["a"]),
    ],
)
def test_attempts_after_the_last_allowed_or_within_the_cool_down_do_not_count(rule: Attempts, names: list[str]) -> None:
    handed = [handed_in(0, name="a"), handed_in(5, name="b"), handed_in(12, name="c")]
    assert [each.name for each in candidates(handed, rule)] == names


def test_an_attempt_without_points_yet_is_not_the_best_while_another_is() -> None:
    handed = [handed_in(-10, 0.0, "a"), handed_in(-5, None, "b")]
    best = chosen(handed, DUE, Late(), Attempts(count="best"), 0)
    assert best is not None
    assert best.attempt.name == "a"


def test_the_last_attempt_without_points_leaves_the_sum_open() -> None:
    last = chosen([handed_in(-10, 5.0, "a"), handed_in(-5, None, "b")], DUE, Late(), Attempts(), 0)
    assert last is not None
    assert last.final is None
    assert last.penalty is None


def test_an_extension_of_another_or_for_another_assignment_moves_nothing() -> None:
    later = DUE + timedelta(days=2)
    others = [
        Extension(who="bob", assignment="w1", until=later),
        Extension(who="alice", assignment="w2", until=later),
        Extension(who="alice", assignment="w1", until=DUE - timedelta(days=1)),
    ]
    assert due_of(DUE, {"alice"}, "w1", others) == DUE
    assert due_of(DUE, {"alice", "red"}, "w1", [*others, replace(others[0], who="red")]) == later
    assert due_of(None, {"alice"}, "w1", others) is None
