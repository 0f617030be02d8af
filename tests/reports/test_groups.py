"""The groups of a class, from its reports."""

from __future__ import annotations

from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.reports.groups import groups
from grader.reports.report import ExerciseReport, Provenance, Report

ABOUT = Provenance(seed=1, key="", grader="", python="", numpy="", isolation=(), limits={})


def report(student: str, exercise: str, **of_checks: str) -> Report:
    """A student's report on an exercise, with the group of each check."""
    checks = [
        CheckResult(
            name=name, claim="", public=False, verdict=Verdict.WRONG_ANSWER, points=0, max_points=1, group=group
        )
        for name, group in of_checks.items()
    ]
    return Report.of(student, "a", [ExerciseReport.about(ExerciseResult.of(exercise, checks), "", ABOUT)])


def test_the_biggest_group_comes_first_then_the_order_of_the_course():
    reports = [
        report("ann", "second", one="a", two="a"), report("bob", "second", two="a"), report("cy", "second", one="b"),
        report("ann", "first", one="c"), report("bob", "first", one=""), report("dee", "dropped", one="d"),
    ]  # fmt: skip
    found = groups(reports, ["first", "second"])
    assert [(each.exercise, each.group, each.students) for each in found] == [
        ("second", "a", ("ann", "bob")),
        ("first", "c", ("ann",)),
        ("second", "b", ("cy",)),
    ]
    assert (found[0].checks, found[0].verdicts) == (("one", "two"), {"WRONG_ANSWER": 2})
