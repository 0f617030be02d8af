"""Every wrong formula that the course knows, run as a student's program: rejected, and diagnosed as itself alone."""

from __future__ import annotations

import importlib.util

import pytest

from grader.grading.attempt import packages, run_and_judge
from grader.grading.keys import Keys
from grader.judging.verdicts import Verdict
from grader.sandbox.sandbox import Sandbox
from grader.wire.messages import Chunk
from repository import ROOT, course_here

COURSE = course_here()
pytestmark = pytest.mark.slow

spec = importlib.util.spec_from_file_location("generate", ROOT / "tests" / "classes" / "generate.py")
assert spec is not None
assert spec.loader is not None
generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(generate)


@pytest.mark.long
@pytest.mark.parametrize("exercise", COURSE.exercises(), ids=lambda exercise: exercise.id)
def test_the_course_s_wrong_answers_are_told_apart_and_its_right_ones_accepted(exercise) -> None:
    """Through the worker, as handed in; misconceptions with the same words count as one."""
    keys = Keys(COURSE)
    key = keys.of(exercise)
    found = {name: program for _, each, name, program in generate.programs(COURSE.select(exercise=exercise.id)) if name}
    assert set(found) == set(key.misconceptions)
    with Sandbox(packages(exercise)) as sandbox:
        for name, program in found.items():
            result = run_and_judge(
                sandbox, exercise, key, (Chunk(f"{exercise.id}.py", program),), own_judge=keys.own_judge
            ).result
            told = {key.misconceptions[each] for each in result.misconceptions}
            assert (name, told) == (name, {key.misconceptions[name]})
            assert result.score < result.max_score
        for program in generate.right_answers(exercise):
            result = run_and_judge(
                sandbox, exercise, key, (Chunk(f"{exercise.id}.py", program),), own_judge=keys.own_judge
            ).result
            assert (result.verdict, result.score) == (Verdict.ACCEPTED, result.max_score)
