"""nbgrader's source notebooks, written from the same single source as the stubs.

A notebook holds, for each exercise, its task, a cell for the answer, the public examples, and a cell that the points of
the hidden checks are given in. No hidden check is in it, so none can be read in a release or in a kernel.
"""

from __future__ import annotations

import io
import os
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.nbgraderformat import SCHEMA_VERSION
from nbgrader.utils import compute_checksum

from grader.building.compiler import compile_exercise
from grader.building.examples import examples_cell, examples_function
from grader.building.notebook import METADATA, cell_id, notebook_exercises, task_text, title_text
from grader.building.public import public_key
from grader.building.reference import read_reference, task_and_code
from grader.building.stub import BEGIN, END, make_stub
from grader.errors import CourseError, UsageError
from grader.files import write_atomically
from grader.for_nbgrader.cells import TASK, automatic_points, manual_points
from grader.submissions.cells import EXAMPLES, checks_id, solution_id
from grader.syntax import parse
from grader.words import count_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.course.model import Assignment, Course, Exercise
    from grader.judging.answer_key import AnswerKey

__all__ = ["CONFIG", "build_notebook", "write_sources"]

CONFIG = "nbgrader_config.py"

_CHECKS_CELL = """\
# {points}. Hidden checks give them after you hand in, with other inputs; none of them is in this notebook.
import os

if os.environ.get("NBGRADER_EXECUTION") == "autograde":
    # Reached only where nbgrader runs this cell itself, which would give everybody full marks.
    raise RuntimeError("not graded: nbgrader_config.py lacks `from grader.nbgrader import configure; configure(c)`")
if "get_ipython" in globals():  # in a notebook
    {examples}()
"""

_CONFIG_FILE = '''\
# Exercises are judged by the course's grader, apart from any kernel; see its docs/nbgrader.md.
c = get_config()  # noqa: F821  nbgrader defines it
try:
    from grader.nbgrader import configure

    configure(c, course={course!r})
    if "JudgeExercises" not in c:
        raise ImportError("another package has the name `grader`")
except Exception as problem:
    # nbgrader goes on after a configuration that fails, and would run students' code itself: this ends it instead.
    from traitlets import HasTraits
    from traitlets.config import Application

    sentence = (
        f"nbgrader_config.py: the course's judge is not in place, so nothing is graded ({{type(problem).__name__}}: "
        f"{{problem}}). Install the course's grader where nbgrader runs; no file or folder here may be called grader"
    )

    class Refused(HasTraits):
        """A step that refuses, since a server must not end: formgrader does not load then, and grades nothing."""

        def __init__(self, *_, **__):
            raise RuntimeError(sentence)

    running = type(Application.instance()) if Application.initialized() else object
    if not any(kind.__module__.startswith("jupyter_server.") for kind in running.__mro__):
        raise SystemExit(sentence) from None
    c.Autograde.sanitize_preprocessors = c.Autograde.autograde_preprocessors = c.Exporter.preprocessors = [Refused]
'''


def write_sources(course: Course, out: Path) -> tuple[Path, ...]:
    """Write source/<assignment>/<notebook>.ipynb into nbgrader's course folder `out`, and a configuration if it has none.

    Returns the files, relative to `out`. Raises UsageError where `out` is a student's tree or cannot be written, or
    `course` has no solutions/, and CourseError for a course that cannot be released; nothing is written then.
    """
    if course.released:
        raise UsageError(f"{course.root} has no solutions/: source notebooks are made from the whole course")
    if (out / "course.yml").exists() and not (out / "solutions").exists():
        raise UsageError(f"{out} is a student's tree, and source notebooks hold the solutions; name nbgrader's folder")
    files = {
        Path("source", assignment.id, f"{name}.ipynb"): nbformat.writes(build_notebook(course, assignment, exercises))
        for assignment in course.assignments
        for name, exercises in notebook_exercises(course, assignment).items()
    }
    if not (out / CONFIG).exists():
        files[Path(CONFIG)] = _CONFIG_FILE.format(course=os.path.relpath(course.root.resolve(), out.resolve()))
    for name, text in files.items():
        try:
            write_atomically(out / name, (text.rstrip("\n") + "\n").encode())
        except OSError as error:
            raise UsageError(f"{out / name} cannot be written: {error.strerror}") from None
    return tuple(files)


def build_notebook(course: Course, assignment: Assignment, exercises: tuple[Exercise, ...]) -> NotebookNode:
    """One source notebook. Raises CourseError for an exercise that cannot be released."""
    cells = [_markdown(f"title-{assignment.id}", title_text(assignment))]
    for exercise in exercises:
        cells += _exercise_cells(course, exercise)
    notebook: NotebookNode = new_notebook(cells=cells, metadata=METADATA)
    nbformat.validate(notebook)
    return notebook


def _exercise_cells(course: Course, exercise: Exercise) -> list[NotebookNode]:
    path = course.reference(exercise)
    text = read_reference(path)
    make_stub(text, path)  # holds the markers to be in order, and the stub to be valid
    made = compile_exercise(course, exercise)
    key = made.key
    task, code = task_and_code(text, path)
    code = "\n".join(_inlined(code.split("\n"), path)).strip("\n")
    by_hand = manual_points(key)
    answer: dict[str, Any] = {"solution": True}
    if by_hand:
        answer |= {"grade": True, "points": by_hand}
    source = _CHECKS_CELL.format(
        points=count_of(automatic_points(key), "point"), examples=examples_function(exercise.id)
    )
    return [
        _markdown(TASK + exercise.id, task_text(task, _worth(key, by_hand), made.picture)),
        _code(solution_id(exercise.id), code, **answer),
        _code(
            EXAMPLES + exercise.id, examples_cell(public_key(made), torch=exercise.framework == "torch"), locked=True
        ),
        _code(checks_id(exercise.id), source, grade=True, locked=True, points=automatic_points(key)),
    ]


def _worth(key: AnswerKey, by_hand: float) -> str:
    """The points of an exercise, and who gives them."""
    return count_of(key.points, "point") + (
        f", {by_hand:g} of them given by a person who reads your words" if by_hand else ""
    )


def _inlined(lines: list[str], path: Path) -> list[str]:
    """The lines with every region at column 0 moved into the regions inside functions.

    nbgrader leaves `raise NotImplementedError()` where a region was: at column 0, that would end the cell.
    """
    begins = [index for index, line in enumerate(lines) if line.strip() == BEGIN]
    ends = [index for index, line in enumerate(lines) if line.strip() == END]
    helpers = [(begin, end) for begin, end in zip(begins, ends, strict=True) if lines[begin] == BEGIN]
    if not helpers:
        return lines
    moved = [line for begin, end in helpers for line in lines[begin + 1 : end]]
    dropped = {index for begin, end in helpers for index in range(begin, end + 1)}
    result: list[str] = []
    for index, line in enumerate(lines):
        if index in dropped:
            continue
        result.append(line)
        if line.strip() == BEGIN:
            result += _indented(moved, line[: line.index(BEGIN)])
    try:
        parse("\n".join(result))
    except SyntaxError as error:
        problem = f"its helpers cannot be moved into the function for a notebook ({error.msg}); write them inside it"
        raise CourseError(problem, path=path) from None
    return result


def _indented(lines: list[str], indent: str) -> list[str]:
    """Lines of a program, moved to the right; but not those that are inside a string."""
    inside: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
        if token.type == tokenize.STRING:
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
    return [f"{indent}{line}" if line and number not in inside else line for number, line in enumerate(lines, start=1)]


def _markdown(name: str, source: str) -> NotebookNode:
    return _cell(new_markdown_cell(source), name, {"locked": True})


def _code(name: str, source: str, **roles: Any) -> NotebookNode:
    return _cell(new_code_cell(source.rstrip("\n")), name, roles)


def _cell(cell: NotebookNode, name: str, roles: dict[str, Any]) -> NotebookNode:
    """A cell with nbgrader's metadata, and an id that stays the same from one release to the next."""
    cell["id"] = cell_id(name)
    usual = {"schema_version": SCHEMA_VERSION, "grade": False, "locked": False, "solution": False, "task": False}
    cell.metadata["nbgrader"] = usual | {"grade_id": name} | roles
    if roles.get("locked"):
        # An answer's cell has none yet: by a checksum that is unchanged, nbgrader knows that nothing was written.
        cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    return cell
