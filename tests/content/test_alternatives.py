"""Right answers in other styles than the reference's are accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.course.course_yml import load_course
from grader.grading.attempt import packages, run_and_judge
from grader.grading.keys import Keys
from grader.judging.verdicts import Verdict
from grader.sandbox.sandbox import Sandbox
from grader.wire import messages as wire
from repository import ROOT, SOLUTIONS

if TYPE_CHECKING:
    from grader.course.model import Exercise

ALTERNATIVES = ROOT / "tests" / "alternatives"
COURSE = load_course(ROOT)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(COURSE.released, reason="a student's tree has no solutions/"),
]


@pytest.mark.parametrize("exercise", COURSE.exercises(), ids=lambda exercise: exercise.id)
def test_alternatives_earn_full_marks(exercise: Exercise) -> None:
    """At least two for each exercise; every check accepts each of them."""
    paths = sorted((ALTERNATIVES / exercise.id).glob("*.py"))
    assert len(paths) >= 2
    keys = Keys(COURSE)
    key = keys.of(exercise)
    with Sandbox(packages(exercise)) as sandbox:
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
