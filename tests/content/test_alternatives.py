"""Right answers in other styles than the reference's are accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.grading.attempt import packages, run_and_judge
from grader.grading.keys import Keys
from grader.judging.verdicts import Verdict
from grader.wire import messages as wire
from repository import ROOT, SOLUTIONS, course_here

if TYPE_CHECKING:
    from grader.course.model import Assignment, Exercise

ALTERNATIVES = ROOT / "tests" / "alternatives"
COURSE = course_here()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(COURSE.released, reason="a student's tree has no solutions/"),
]


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda assignment: assignment.id)
def test_an_assignment_has_ten_right_answers_in_other_styles(assignment: Assignment) -> None:
    found = [path for exercise in assignment.exercises for path in (ALTERNATIVES / exercise.id).glob("*.py")]
    assert len(found) >= 10


@pytest.mark.parametrize("exercise", COURSE.exercises(), ids=lambda exercise: exercise.id)
def test_alternatives_earn_full_marks(exercise: Exercise, sandbox_with) -> None:
    """At least two for each exercise; every check accepts each of them."""
    paths = sorted((ALTERNATIVES / exercise.id).glob("*.py"))
    assert len(paths) >= 2
    keys = Keys(COURSE)
    key = keys.of(exercise)
    sandbox = sandbox_with(packages(exercise))
    for path in paths:
        program = (wire.Chunk(f"{exercise.id}.py", path.read_text(encoding="utf-8")),)
        result = run_and_judge(sandbox, exercise, key, program, own_judge=keys.own_judge).result
        rejected = [
            f"{check.name}: {check.feedback}" for check in result.checks if check.verdict is not Verdict.ACCEPTED
        ]
        assert not rejected, path.name
        assert result.score == result.max_score == key.points


def test_every_alternative_is_of_an_exercise() -> None:
    """A misspelt folder would be looked at by nobody."""
    known = {exercise.id for exercise in COURSE.exercises()}
    # An exercise that is written, but not yet in course.yml, has its files in solutions/.
    known |= {path.stem for path in SOLUTIONS.rglob("*.py")}
    assert {path.name for path in ALTERNATIVES.iterdir() if path.is_dir()} <= known
