"""The pages of the site: the documents, and a page for each exercise with its formulas, its hints folded, and what to read.

python docs/site/pages.py FOLDER

Exercises are taken from exercises/, which is what students get: nothing else can come onto a page.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.building.notebook import about
from grader.building.picture import title_of
from grader.building.reference import task_and_code
from grader.building.typeset import titled, typeset
from grader.course.course_yml import load_course
from grader.judging.answer_key import decode_key
from grader.reports.pages import points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.model import Assignment, Course, Exercise
    from grader.judging.answer_key import AnswerKey

__all__ = ["exercise_page", "pages"]

ROOT = Path(__file__).parents[2]
_GUIDES = (
    "student",
    "instructor",
    "author",
    "nbgrader",
    "reference",
    "record",
    "cluster",
    "scale",
    "security",
    "syllabus",
    "architecture",
)
_PROJECT = ("CONTRIBUTING", "SECURITY", "CHANGELOG", "benchmarks/results/peers", "benchmarks/results/scale")


def pages(root: Path) -> Iterator[tuple[str, str]]:
    """The path and the text of each page."""
    course = load_course(root / "exercises")
    readme = (root / "README.md").read_text(encoding="utf-8")
    folders = [f"exercises/{assignment.id}/index" for assignment in course.assignments]
    guides = [f"docs/{name}" for name in _GUIDES]
    tables = (("Guides", guides), ("Exercises", folders), ("Project", list(_PROJECT)))
    yield "index.md", "\n\n".join([readme, *(_contents(*table) for table in tables)])
    for name in (*_PROJECT, *guides):
        yield f"{name}.md", (root / f"{name}.md").read_text(encoding="utf-8")
    for assignment in course.assignments:
        yield f"exercises/{assignment.id}/index.md", _assignment_page(assignment)
        for exercise in assignment.exercises:
            yield f"exercises/{assignment.id}/{exercise.id}.md", exercise_page(course, assignment, exercise)


def _contents(title: str, names: list[str]) -> str:
    listed = "\n".join(names)
    return f"```{{toctree}}\n:hidden:\n:caption: {title}\n\n{listed}\n```"


def _assignment_page(assignment: Assignment) -> str:
    listed = "\n".join(exercise.id for exercise in assignment.exercises)
    return "\n".join([f"# {assignment.title}", "", *about(assignment), "", "```{toctree}", "", listed, "```", ""])


def exercise_page(course: Course, assignment: Assignment, exercise: Exercise) -> str:
    """What students get of an exercise, in Markdown with the formulas in HTML."""
    stub = course.stub(exercise)
    task, code = task_and_code(stub.read_text(encoding="utf-8"), stub)
    key = decode_key(course.examples(exercise).read_bytes(), course.examples(exercise))
    title, rest = titled(task)
    shown = sum(check.points for check in key.checks) + key.hidden_points
    worth = f"{assignment.title} · {points(shown)} points" + (f" · {exercise.minutes} minutes" * bool(exercise.minutes))
    picture = stub.with_suffix(".svg")
    return "\n\n".join(
        [
            f"# {title}",
            f"*{worth}* · `grader check {exercise.id}`",
            _raw(typeset(rest, below=1)),
            *([f"![{title_of(picture.read_text(encoding='utf-8'))}]({picture.name})"] if picture.exists() else []),
            f"```python\n{code.strip()}\n```",
            *_hints(key),
            "## The assignment",
            "\n".join(about(assignment)),
        ]
    )


def _raw(html: str) -> str:
    return f"`````{{raw}} html\n{html}\n`````"


def _hints(key: AnswerKey) -> Iterator[str]:
    for number, hint in enumerate(key.hints, start=1):
        yield _raw(f"<details><summary>Hint {number} of {len(key.hints)}</summary>\n{typeset(hint)}</details>")


def write(folder: Path) -> None:
    """Write the pages, and what they show, into a folder that holds nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in pages(ROOT):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    pictures = ("docs/grade.svg", "benchmarks/results/*.svg", "exercises/**/*.svg")
    for picture in (found for pattern in pictures for found in ROOT.glob(pattern)):
        shutil.copy(picture, folder / picture.relative_to(ROOT))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
