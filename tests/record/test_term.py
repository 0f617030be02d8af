"""What counts of a record by a term's rules: teams, attempts, and whose word a time is."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from grader.course.model import Assignment, Course, Exercise
from grader.course.policies import Attempts, Late
from grader.course.term import Rules, arithmetic
from grader.judging.verdicts import Verdict
from grader.record.class_overview import class_overview
from grader.record.opening import open_record
from grader.record.rows import EARLIER, JUDGED
from grader.record.term import Term
from grader.sandbox.limits import Limits
from recorded import TITLE, judgement, new

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from grader.course.policies import Counts
    from grader.record.record import Record
    from grader.record.rows import New

DUE = datetime(2026, 1, 2, 4, 0, tzinfo=UTC)
IN_TIME, LATE = "2026-01-02T03:04:05Z", "2026-01-03T03:04:05Z"


def course(root: Path, attempts: Attempts | None = None, *, team: bool = False) -> Course:
    """A course of one assignment with one exercise, in which a day late costs a tenth."""
    exercise = Exercise("sigmoid", "backprop", Limits(), "numpy", ())
    assignment = Assignment("backprop", "Backprop", DUE, (exercise,), late=Late(percent=10), team=team)
    return Course(
        root,
        TITLE,
        1,
        individual=False,
        isolation="required",
        assignments=(assignment,),
        rules=Rules(attempts=attempts or Attempts()),
    )


def answer(student: str, points: float, when: str = IN_TIME, text: bytes = b"", **more: object) -> New:
    data = text or f"{student} {points}".encode()
    return new(
        student, data, judgement(points=points, identity=f"{data!r}"), **{"submitted_at": when, "by": "service", **more}
    )


def worth(record: Record, course: Course) -> dict[str, tuple[float | None, float | None]]:
    """Score and end of each student's answer."""
    return {row.student: (row.score, row.final) for row in Term(record, course).rows()}


def test_the_best_of_a_team_counts_for_all_of_it_and_for_nobody_else(record, tmp_path) -> None:
    (tmp_path / "teams.csv").write_text("student,team\nada,red\nbo,red\ncy,blue\n")
    record.add([answer("ada", 1.0)])
    record.add([answer("bo", 2.0, LATE)])
    record.add([answer("cy", 0.5)])
    best = course(tmp_path, team=True, attempts=Attempts(count="best"))
    assert worth(record, best) == {"ada": (2.0, 1.8), "bo": (2.0, 1.8), "cy": (0.5, 0.5)}
    assert worth(record, course(tmp_path, team=True)) == worth(record, best)  # the last is hers as well
    assert worth(record, course(tmp_path)) == {"ada": (1.0, 1.0), "bo": (2.0, 1.8), "cy": (0.5, 0.5)}
    entries = {entry.student: worth.notes for entry, worth in Term(record, best).entries()}
    assert entries["ada"][0] == "Handed in by bo for your team."
    assert not entries["cy"]


def test_rules_choose_among_attempts_whatever_the_order_in_which_they_came(record, tmp_path) -> None:
    """First, last and best; one that was handed in earlier and collected later counts by rules alone."""
    record.add([answer("ada", 0.5, LATE)])
    record.add([replace(answer("ada", 2.0, IN_TIME), rank=EARLIER)])
    expected_of: dict[Counts, float] = {"last": 0.5, "best": 2.0, "first": 2.0}
    for count, expected in expected_of.items():
        chosen = course(tmp_path, attempts=Attempts(count=count))
        assert worth(record, chosen)["ada"][0] == expected
    assert worth(record, course(tmp_path, attempts=Attempts(at_most=1)))["ada"] == (2.0, 2.0)
    record.add([new("ada", None, judgement(Verdict.NOT_ATTEMPTED), name="", submitted_at="", rank=JUDGED)])
    assert worth(record, course(tmp_path, attempts=Attempts(count="best")))["ada"] == (0.0, 0.0)


def test_only_the_word_of_a_service_makes_late_and_what_nobody_knows_costs_nothing(record, tmp_path) -> None:
    """A timestamp.txt counts where the course says so; a file's own time never does."""
    record.add([answer("service", 2.0, LATE)])
    record.add([answer("stamp", 2.0, LATE, by="timestamp")])
    record.add([answer("file", 2.0, LATE, by="file")])
    rules = course(tmp_path)
    assert {who: final for who, (_, final) in worth(record, rules).items()} == {
        "service": 1.8,
        "stamp": 2.0,
        "file": 2.0,
    }
    assert worth(record, replace(rules, timestamps="nbgrader"))["stamp"] == (2.0, 1.8)
    notes = {entry.student: worth.notes for entry, worth in Term(record, rules).entries()}
    assert notes["file"] == (
        "No service says when it was handed in, so nobody knows whether it was late, and that costs nothing.",
    )
    record.add([answer("flagged", 2.0, IN_TIME, by="canvas")])
    notes = {entry.student: worth.notes for entry, worth in Term(record, rules).entries()}
    assert notes["flagged"] == (
        "Canvas says that it was late, but not by how much, and that costs nothing unless your instructor decides otherwise.",
    )
    assert worth(record, rules)["flagged"] == (2.0, 2.0)
    assert notes["service"][0].startswith("Handed in 23 h 5 min late, 10 % off")


def test_where_being_late_costs_nothing_it_is_not_asked_whether_anybody_knows(record, tmp_path) -> None:
    record.add([answer("file", 2.0, LATE, by="file")])
    free = course(tmp_path)
    free = replace(free, assignments=(replace(free.assignments[0], late=Late()),))
    assert [worth.notes for _, worth in Term(record, free).entries()] == [()]


def test_what_could_not_be_judged_has_no_end_unless_something_could(record, tmp_path) -> None:
    record.add([answer("ada", 0.0, text=b"broken")])
    record.add([new("bo", b"x", judgement(Verdict.JUDGE_ERROR), by="service")])
    assert worth(record, course(tmp_path))["bo"] == (None, None)
    record.add([new("ada", b"newer", judgement(Verdict.JUDGE_ERROR), submitted_at=LATE, by="service")])
    for rules in (course(tmp_path), course(tmp_path, attempts=Attempts(count="best"))):
        assert worth(record, rules)["ada"] == (0.0, 0.0)


TWO = ("backprop", "sigmoid")
HANDED_IN = {
    ("ada", "backprop"): 2.0, ("ada", "sigmoid"): 1.0, ("bo", "backprop"): 0.5, ("bo", "sigmoid"): 2.0, ("cy", "backprop"): 2.0,
}  # fmt: skip
"""The points of what three students handed in; cy nothing for one of the assignments."""


def two_assignments(root: Path, weights: Collection[float | None] = (None, None)) -> Course:
    """A course of two assignments, both due."""
    (first,) = course(root).assignments
    parts = [
        replace(first, id=name, title=name, weight=weight, exercises=(Exercise(f"{name}_grad", name, Limits(), "numpy", ()),))
        for name, weight in zip(TWO, weights, strict=True)
    ]  # fmt: skip
    return replace(course(root), assignments=tuple(parts))


def grade(record: Record, student: str, assignment: str) -> None:
    """What `grade` adds of a student and an assignment."""
    points = HANDED_IN.get((student, assignment))
    more = {"assignment": assignment, "exercise": f"{assignment}_grad"}
    if points is None:
        nothing = judgement(Verdict.NOT_ATTEMPTED, identity=f"nothing {assignment}", exercise=more["exercise"])
        record.add([new(student, None, nothing, name="", submitted_at="", **more)])
    else:
        of = judgement(points=points, identity=f"{student} {assignment}", exercise=more["exercise"])
        record.add([new(student, f"{student} {assignment}".encode(), of, by="service", submitted_at=IN_TIME, **more)])


def term_of(record: Record, rules: Course) -> dict[str, float | None]:
    """Each student's sum in percent."""
    return {each.student: each.sum.percent for each in Term(record, rules).standings()}


@pytest.mark.slow
@pytest.mark.parametrize("weights", [(None, None), (80.0, 20.0)])
def test_in_whatever_order_a_class_is_graded_its_term_comes_to_the_same(tmp_path, weights) -> None:
    """Of some or of all: everybody is measured by what anybody was graded for, and what brings nothing new changes no grade."""
    rules = two_assignments(tmp_path, weights)
    size = {name: weight or 50.0 for name, weight in zip(TWO, weights, strict=True)}
    everything = [(student, assignment) for student in ("ada", "bo", "cy") for assignment in TWO]
    for number, order in enumerate(list(permutations(everything))[::239]):
        with open_record(str(tmp_path / f"{number}.sqlite"), TITLE, patience=1) as record:
            record.begin_run("grade", "submitted")
            for done in range(1, len(order) + 1):
                some = order[:done]
                grade(record, *some[-1])
                whole = sum(size[name] for name in {name for _, name in some})
                expected = {
                    who: 100 * sum(size[name] * HANDED_IN.get((who, name), 0.0) / 2.0 for each, name in some if each == who) / whole
                    for who, _ in some
                }  # fmt: skip
                assert term_of(record, rules) == pytest.approx(expected), some
            for one in everything:
                grade(record, *one)
            assert term_of(record, rules) == pytest.approx(expected), order


def test_what_one_was_graded_for_counts_for_everybody_and_who_was_not_is_named(record, tmp_path) -> None:
    """Who was not graded is measured as the others are, and an instructor is told; what nobody was graded for counts nothing."""
    rules = two_assignments(tmp_path)
    grade(record, "ada", "backprop")
    grade(record, "bo", "backprop")
    assert term_of(record, rules) == {"ada": 100.0, "bo": 25.0}
    grade(record, "cy", "backprop")
    grade(record, "bo", "sigmoid")
    before = term_of(record, rules)
    assert before == {"ada": 50.0, "bo": 62.5, "cy": 50.0}
    standings = {each.student: each.sum for each in Term(record, rules).standings()}
    assert {who: [mark.ungraded for mark in each.marks] for who, each in standings.items()} == {
        "ada": [(), ("sigmoid_grad",)], "bo": [(), ()], "cy": [(), ("sigmoid_grad",)],
    }  # fmt: skip
    assert "  sigmoid_grad: not graded yet, 0 of 2" in list(arithmetic(standings["cy"]))
    waits = [(each.student, each.of) for each in class_overview(record, rules, rules).troubles if each.kind == "not graded yet"]  # fmt: skip
    assert waits == [("ada", "sigmoid"), ("cy", "sigmoid")]
    grade(record, "cy", "sigmoid")  # nothing was handed in
    assert term_of(record, rules) == before


def test_what_could_not_be_judged_costs_nothing_though_others_were_judged(record, tmp_path) -> None:
    """Neither the student whose it is, nor the others, who are measured by what could be judged."""
    rules = two_assignments(tmp_path)
    grade(record, "ada", "backprop")
    grade(record, "ada", "sigmoid")
    grade(record, "bo", "backprop")
    more = {"assignment": "sigmoid", "exercise": "sigmoid_grad"}
    record.add([new("bo", b"?", judgement(Verdict.JUDGE_ERROR, exercise="sigmoid_grad"), by="service", **more)])
    sums = {each.student: each.sum for each in Term(record, rules).standings()}
    assert (sums["ada"].percent, sums["bo"].percent) == (75.0, 25.0)
    assert sums["bo"].marks[1].possible == 0.0


def test_after_a_change_of_checks_an_answer_is_measured_by_those_that_judged_it(record, tmp_path) -> None:
    """Nobody has more than all points since somebody else was graded again; who has no result is measured by the newest checks."""
    rules = two_assignments(tmp_path)
    grade(record, "ada", "backprop")
    grade(record, "bo", "sigmoid")
    of = judgement(points=1.0, score=1.0, max_score=1.0, identity="less", key="another", exercise="backprop_grad")
    more = {"assignment": "backprop", "exercise": "backprop_grad", "by": "service", "submitted_at": IN_TIME}
    record.add([new("cy", b"cy backprop", of, **more)])
    possible = {each.student: each.sum.marks[0].possible for each in Term(record, rules).standings()}
    assert possible == {"ada": 2.0, "bo": 1.0, "cy": 1.0}
