"""Which seeds keep hidden inputs hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.course_yml import load_course
from grader.course.seeds import seed_notice


@pytest.mark.parametrize("seed", [0, 1, 7, 20270301, 2**40 - 1])
def test_of_a_seed_that_can_be_found_a_run_says_how_to_draw_one(seed: int) -> None:
    notice = seed_notice(seed)
    assert notice
    assert str(seed) in notice
    assert "secrets.randbits(63)" in notice


@pytest.mark.parametrize("seed", [2**40, 2**63 - 1, 5182938110948216032, None])
def test_of_63_random_bits_and_of_a_release_without_a_seed_nothing_is_said(seed: int | None) -> None:
    assert seed_notice(seed) is None


def test_the_shipped_seed_is_one_of_these() -> None:
    course = load_course(Path(__file__).parents[2])
    assert "public" in (seed_notice(course.seed) or "")
