"""A hand-out's course.yml is read once for as long as it stays the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.course import course_yml
from grader.course.course_yml import load_course
from grader.errors import CourseError
from grader.grading.kept import place_of
from grader.grading.known_course import course_in

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
RICH = """\
title: A course of its own
framework: torch
limits: {wall_seconds: 2.5}
term: {late_days: 3, rounding: 0.5}
attempts: {count: best, at_most: 5}
late: {percent: 10, cutoff_days: 3.5}
repair: {check: true}
assignments:
  - id: relu
    title: ReLU
    due: 2027-03-01T23:59:00+01:00
    weight: 100
    links: [{title: A book, url: "https://example.org/book"}]
    exercises: [relu_grad, {id: relu_jacobian, minutes: 20, imports: [scipy.special], framework: numpy}]
"""


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """What was read; what is remembered, in a folder of its own."""
    found: list[Path] = []

    def counted(root: Path):
        found.append(root)
        return load_course(root)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(course_yml, "load_course", counted)
    return found


def hand_out(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "course.yml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("text", [RICH, (ROOT / "exercises" / "course.yml").read_text(encoding="utf-8")])
def test_what_is_remembered_is_what_was_read(text: str, tmp_path: Path, reads: list[Path]) -> None:
    root = hand_out(tmp_path / "tree", text)
    assert [course_in(root), course_in(root)] == [load_course(root)] * 2
    assert repr(course_in(root)) == repr(load_course(root))
    assert len(reads) == 1


def damaged(root: Path) -> None:
    place = place_of("course", "read", root)
    assert place is not None
    place.write_bytes(place.read_bytes()[:-20])


def changed(root: Path) -> None:
    (root / "course.yml").write_text(RICH.replace("ReLU", "Rectified"), encoding="utf-8")


@pytest.mark.parametrize("happens", [damaged, changed])
def test_it_is_read_again_where_anything_has_changed(
    happens: Callable[[Path], None], tmp_path: Path, reads: list[Path]
) -> None:
    root = hand_out(tmp_path / "tree", RICH)
    course_in(root)
    happens(root)
    assert course_in(root) == load_course(root)
    assert len(reads) == 2


def test_a_copy_in_another_place_has_that_place_as_its_root(tmp_path: Path, reads: list[Path]) -> None:
    first = hand_out(tmp_path / "tree", RICH)
    course_in(first)
    second = shutil.copytree(first, tmp_path / "other")
    assert course_in(second).root == second
    assert len(reads) == 2


def test_mistakes_are_told_each_time(tmp_path: Path, reads: list[Path]) -> None:
    root = hand_out(tmp_path / "tree", "title: [a]\nassignments: []\n")
    for _ in range(2):
        with pytest.raises(CourseError, match="title must be text"):
            course_in(root)
    assert len(reads) == 2


def test_of_a_whole_course_nothing_is_remembered(tmp_path: Path, reads: list[Path]) -> None:
    """What its course.yml names has to be there each time."""
    root = hand_out(tmp_path / "tree", f"seed: 1\n{RICH}")
    (root / "solutions" / "relu").mkdir(parents=True)
    for _ in range(2):
        with pytest.raises(CourseError, match="has no reference"):
            course_in(root)
    assert len(reads) == 2
