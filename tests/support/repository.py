"""Where this repository's own files are, and courses made of some of its exercises."""

from __future__ import annotations

import shutil
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from grader.course.course_yml import load_course

if TYPE_CHECKING:
    from grader.course.model import Course

__all__ = ["EXERCISES", "ROOT", "SAMPLE", "SOLUTIONS", "course_here", "course_text", "reference", "write_course"]

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
EXERCISES = ROOT / "exercises"
SAMPLE = ROOT / "tests" / "classes" / "sample"


@cache
def course_here() -> Course:
    """The repository's own course, read once."""
    return load_course(ROOT)


def reference(name: str) -> str:
    """The source of a reference, `<assignment>/<exercise>`."""
    return (SOLUTIONS / f"{name}.py").read_text(encoding="utf-8")


def course_text(*names: str, limits: str = "", title: str = "A small course") -> str:
    """A course.yml with the exercises of those names, `<assignment>/<exercise>`, an assignment's side by side."""
    pairs = [name.split("/") for name in names]
    assignments = [
        f"  - {{id: {assignment}, title: {assignment.title()}, exercises: [{', '.join(name for _, name in group)}]}}\n"
        for assignment, group in groupby(pairs, key=lambda pair: pair[0])
    ]
    return f"title: {title}\nseed: 1\n{f'limits: {limits}' if limits else ''}\nassignments:\n{''.join(assignments)}"


def write_course(root: Path, text: str) -> Path:
    """A course folder with that course.yml, and copies of what it names, whose assignments are its own; gives its root."""
    for assignment in yaml.safe_load(text)["assignments"]:
        folder = root / "solutions" / assignment["id"]
        folder.mkdir(parents=True, exist_ok=True)
        for exercise in assignment["exercises"]:
            for suffix in (".py", "_checks.py"):
                (source,) = SOLUTIONS.glob(f"*/{exercise}{suffix}")
                shutil.copy(source, folder)
    for shared in SOLUTIONS.glob("*.py"):
        shutil.copy(shared, root / "solutions")
    (root / "course.yml").write_text(text, encoding="utf-8")
    return root
