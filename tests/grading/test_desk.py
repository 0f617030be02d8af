"""A student's own answers on the public examples: what is remembered of them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from grader.course.course_yml import load_course
from grader.grading import desk as desk_module
from grader.grading.attempt import Attempt
from grader.grading.desk import Desk
from grader.grading.pool import Pool
from grader.grading.progress import progress_of, remember_hint
from grader.judging.judge import refuse
from grader.judging.verdicts import Verdict
from repository import EXERCISES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A student's tree with one answer in it, which only looks like one."""
    shutil.copytree(EXERCISES, tmp_path / "tree")
    course = load_course(tmp_path / "tree")
    course.stub(course.exercise("manual_jacobian")).write_text("answer = 1\n", encoding="utf-8")
    with Pool() as pool:
        yield Desk(course, pool)


def test_each_found_and_each_hint_is_kept_beside_the_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the course's is not: the next try may be without it."""
    verdicts = {"manual_jacobian": Verdict.WRONG_ANSWER, "hessian_quadratic": Verdict.JUDGE_ERROR}
    for name, verdict in verdicts.items():
        exercise = desk.course.exercise(name)
        found = Attempt(refuse(desk.keys.of(exercise), verdict, "so it is"))
        monkeypatch.setattr(desk_module, "attempt", lambda *_, found=found: found)
        desk.course.stub(exercise).write_text("answer = 1\n", encoding="utf-8")
        assert desk.tried(desk.answer(exercise)).attempt.result.verdict is verdict
        remember_hint(desk.course, exercise, 2)
        remember_hint(desk.course, exercise, 1)
    remembered = progress_of(desk.course)
    assert {name: each.verdict for name, each in remembered.found.items()} == {"manual_jacobian": Verdict.WRONG_ANSWER}
    assert remembered.hints == dict.fromkeys(verdicts, 2)


def test_what_waits_for_an_answer_starts_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all that is chosen, without a name, only what was worked on."""
    monkeypatch.setattr(Pool, "admit", None)
    chosen = desk.choose()
    assert [each.exercise.id for each in chosen if not each.waits] == ["manual_jacobian"]
    found = [desk.tried(each).attempt.result for each in chosen if each.waits]
    assert {result.verdict for result in found if result.checks} == {Verdict.NOT_ATTEMPTED}
