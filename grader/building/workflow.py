"""A workflow for GitHub: at each push `grader check` on the student's own repository, and its summary. It gives no grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.model import Course

__all__ = ["workflow"]

_WORKFLOW = """\
# Belongs at .github/workflows/check.yml of the repository that students start from, beside the hand-out's files.
# It runs the public examples at each push, and shows what came of them. Nothing here gives a grade.
name: Check
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - name: Install the grader, which is in the hand-out
        run: python -m pip install --quiet ./*.whl{packages}
      - name: Check
        run: grader check{assignments} --summary "$GITHUB_STEP_SUMMARY"
"""


def workflow(course: Course, assignments: Sequence[str] = ()) -> str:
    """The file's text; of these assignments, or of all."""
    packages = sorted({package for exercise in course.exercises() for package in exercise.packages})
    return _WORKFLOW.format(
        packages="".join(f" {each}" for each in packages), assignments="".join(f" {each}" for each in assignments)
    )
