"""Programs as students write them: the points that each earns, and the words of a true diagnosis.

Each file of verdicts/ begins with the exercise, the points, and the words, which `|` separates; some go on with words that would be false.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.grading.attempt import packages, run_and_judge
from grader.grading.keys import Keys
from grader.wire import messages as wire
from marks import needs_torch
from repository import course_here

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.sandbox.sandbox import Sandbox

COURSE = course_here()
KEYS = Keys(COURSE)
PROGRAMS = sorted((Path(__file__).parent / "verdicts").glob("*.py"))
pytestmark = pytest.mark.slow


def header(path: Path) -> dict[str, str]:
    """The fields of the comment that a program begins with."""
    lines = itertools.takewhile(lambda line: line.startswith("# "), path.read_text(encoding="utf-8").splitlines())
    fields = (line.removeprefix("# ").partition(":") for line in lines)
    return {name: value.strip() for name, _, value in fields}


def graded(path: Path, sandbox_with: Callable[[tuple[str, ...]], Sandbox]) -> tuple[float, str]:
    """The score, and all that the student is told."""
    exercise = COURSE.exercise(header(path)["exercise"])
    key = KEYS.of(exercise)
    program = (wire.Chunk(f"{exercise.id}.py", path.read_text(encoding="utf-8")),)
    sandbox = sandbox_with(packages(exercise))
    altered = KEYS.altered(exercise, key)
    result = run_and_judge(sandbox, exercise, key, program, own_judge=KEYS.own_judge, altered=altered).result
    return result.score, "\n".join(check.feedback for check in result.checks)


def marked(path: Path) -> object:
    """The program as a parameter; those that need torch are skipped without it."""
    torch = COURSE.exercise(header(path)["exercise"]).framework == "torch"
    return pytest.param(path, id=path.stem, marks=needs_torch if torch else ())


@pytest.mark.parametrize("path", [marked(path) for path in PROGRAMS])
def test_the_program_earns_what_it_is_worth_and_its_mistake_is_named(path: Path, sandbox_with) -> None:
    """Right parts earn, wrong ones do not; the feedback has every word of a true diagnosis."""
    earned, told = graded(path, sandbox_with)
    assert earned == float(header(path)["points"])
    assert [word for word in header(path)["told"].split("|") if word not in told] == []
    assert [word for word in header(path).get("untold", "\0").split("|") if word in told] == []
