"""How a student stands with each exercise, and which one is next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.judging.verdicts import Score, Verdict
from grader.reports.status import ExerciseStatus, next_up, totals


def status(name: str, verdict: Verdict | None, *, examples: int = 2) -> ExerciseStatus:
    return ExerciseStatus(
        exercise=name, assignment="a", file=f"{name}.py", verdict=verdict, score=Score(float(verdict is Verdict.ACCEPTED), 1.0),
        hidden=4.0, examples=examples, hints=0, all_hints=3, lacking=() if verdict else ("torch",),
    )  # fmt: skip


verdicts = st.lists(st.sampled_from([Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.NOT_ATTEMPTED, None]), max_size=8)


@given(verdicts, st.integers(0, 8))
def test_next_is_what_was_tried_before_what_was_not_or_the_first_left_round_the_end(found, start):
    """None only where nothing is left that can be checked; it is the one after the one that is named, if several are left."""
    statuses = [status(str(index), verdict) for index, verdict in enumerate(found)]
    left = [index for index, verdict in enumerate(found) if verdict not in {Verdict.ACCEPTED, None}]
    following = next_up(statuses, after=str(start))
    wrong = [index for index in left if found[index] is Verdict.WRONG_ANSWER]
    later = [index for index in left if index > start] if start < len(found) else wrong
    assert (following and int(following.exercise)) == next(iter(later or left), None)


def test_what_has_no_examples_is_never_next_and_never_called_right():
    each = status("e", Verdict.NOT_ATTEMPTED, examples=0)
    assert next_up([each]) is None
    assert each.said == "no public examples"
    assert status("e", Verdict.ACCEPTED).said == "examples right"
    assert status("e", None).said == "needs torch"


def test_the_sum_says_what_hidden_checks_decide():
    found = [status("a", Verdict.ACCEPTED), status("b", Verdict.WRONG_ANSWER), status("c", Verdict.NOT_ATTEMPTED)]
    assert totals(found) == (
        "1 of 3 exercises right in their public examples, 2 attempted. "
        "Public points: 1 of 3; hidden checks decide 12 more."
    )
