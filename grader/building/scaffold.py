"""The first files of a course, and of an exercise: what an author changes rather than begins with. Pure but for its templates."""

from __future__ import annotations

import json
from importlib.resources import files
from string import Template

__all__ = ["course_files", "exercise_files"]

_WORKED = ("gradients", "mse_grad")
"""The assignment and the exercise that a new course has."""


def course_files(title: str, seed: int) -> dict[str, str]:
    """The text of each file of a new course by its path: all but what is made of its solutions, and the grader's wheel."""
    assignment, exercise = _WORKED
    return {
        "course.yml": _filled("course.yml", title=json.dumps(title, ensure_ascii=False), seed=seed),
        "README.md": _filled("README.md", title=title, assignment=assignment, exercise=exercise),
        ".gitignore": _filled("gitignore"),
        ".github/workflows/verify.yml": _filled("verify.yml"),
        f"solutions/{assignment}/{exercise}.py": _filled("worked.py"),
        f"solutions/{assignment}/{exercise}_checks.py": _filled("worked_checks.py"),
    }


def exercise_files(assignment: str, exercise: str) -> dict[str, str]:
    """The text of the reference and of the checks of a new exercise, by their paths: with what is to be done in them."""
    folder = f"solutions/{assignment}"
    return {
        f"{folder}/{exercise}.py": _filled("exercise.py", exercise=exercise),
        f"{folder}/{exercise}_checks.py": _filled("exercise_checks.py", exercise=exercise),
    }


def _filled(name: str, **values: object) -> str:
    template = files("grader.building").joinpath("templates", f"{name}.template").read_text(encoding="utf-8")
    return Template(template).substitute(values)
