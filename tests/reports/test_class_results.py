"""What a class's results say of exercises and checks is what numpy says of the same points."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from classroom import names, results
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.reports.class_results import gathered
from grader.reports.report import ExerciseReport, Report
from reports import ABOUT, COURSE


def reports(students):
    """Reports on a class that nobody has graded."""
    for student in students:
        for assignment, group in itertools.groupby(results(COURSE, student), key=lambda pair: pair[0].assignment):
            made = [ExerciseReport.about(result, "2027-03-01T00:00:00Z", ABOUT) for _, result in group]
            yield Report.of(student, assignment, made)


def test_items_are_those_of_numpy():
    """Of an exercise and its checks, over those who answered it, against the rest of the assignment."""
    found = gathered(reports(names(60)), COURSE)
    items = {item.exercise: (item, checks) for item, checks in found.items()}
    first, second = found.answers["manual_jacobian"], found.answers["sigmoid_grad"]
    who = [student for student, each in first.items() if each.attempted]
    mine = np.array([first[student].points for student in who])
    other = np.array([second[student].points for student in who])
    item, checks = items["manual_jacobian"]
    assert (item.answered, item.possible) == (len(who), 10.0)
    assert len(who) < 60
    assert item.full == sum(first[student].verdict is Verdict.ACCEPTED for student in who)
    assert item.share == pytest.approx(mine.mean() / 10)
    assert item.discrimination == pytest.approx(np.corrcoef(mine, other)[0, 1])
    for place, check in enumerate(checks):
        right = np.array([first[student].earned[place] for student in who])
        assert check.share == pytest.approx(right.mean())
        assert check.possible == place
        if check.discrimination is not None:
            rest = mine + other - place * right
            assert check.discrimination == pytest.approx(np.corrcoef(right, rest)[0, 1])
    assert items["newton_step"][0].discrimination is None, "it is alone in its assignment"


def test_what_could_not_be_judged_or_waits_is_in_no_number():
    """Neither in the share of an exercise, nor in anybody's points, nor in the most that they could be."""

    def report(student: str, **checks: CheckResult | None) -> Report:
        made = [
            ExerciseResult.of(name, [check]) if check else ExerciseResult.unjudged(name, "no key")
            for name, check in checks.items()
        ]
        return Report.of(student, "jacobians", [ExerciseReport.about(each, "", ABOUT) for each in made])

    good = CheckResult(name="c", claim="", public=True, verdict=Verdict.ACCEPTED, points=2.0, max_points=2.0)
    waits = CheckResult(name="c", claim="", public=True, verdict=Verdict.ACCEPTED, points=0.0, max_points=2.0, waiting=True, kept="w")  # fmt: skip
    found = gathered(
        [
            report("ann", manual_jacobian=good, sigmoid_grad=None),
            report("bob", manual_jacobian=waits, sigmoid_grad=good),
        ],
        COURSE,
    )
    both = ["manual_jacobian", "sigmoid_grad"]
    assert [found.points(student, both) for student in ("ann", "bob", "cleo")] == [(2.0, 2.0), (2.0, 2.0), (0.0, 4.0)]
    assert [(item.answered, item.share) for item, _ in found.items()][:2] == [(1, 1.0), (1, 1.0)]
    assert [(each.kind, each.student) for each in found.troubles] == [
        ("could not be judged", "ann"), ("waits for your points", "bob"),
    ]  # fmt: skip


def test_a_check_that_has_changed_is_of_those_who_were_judged_by_it():
    old = CheckResult(name="c", claim="old", public=True, verdict=Verdict.WRONG_ANSWER, points=0.0, max_points=2.0)
    new = CheckResult(name="c", claim="new", public=True, verdict=Verdict.ACCEPTED, points=3.0, max_points=3.0)
    made = [
        Report.of(student, "jacobians", [ExerciseReport.about(ExerciseResult.of("sigmoid_grad", [check]), "", ABOUT)])
        for student, check in (("ann", old), ("bob", new), ("cleo", new))
    ]
    _, (_, checks), _ = gathered(made, COURSE).items()
    assert [(each.check and each.check.claim, each.answered, each.share) for each in checks] == [
        ("old", 1, 0.0),
        ("new", 2, 1.0),
    ]
