"""What the steps of one run of nbgrader share: nbgrader makes every step anew for every notebook."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.api import Gradebook, MissingEntry

from grader.course.course_yml import load_course
from grader.course.place import find_course
from grader.errors import UsageError
from grader.for_nbgrader.gradebook.database import telling_who_locks
from grader.for_nbgrader.gradebook.facts import read_facts
from grader.for_nbgrader.judging import Judging

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.model import Course
    from grader.for_nbgrader.gradebook.facts import NotebookFacts

__all__ = ["adopt", "course_of", "end", "facts_for", "facts_of", "judging_of", "released_of", "run_of"]

_judgings: weakref.WeakKeyDictionary[Any, Judging] = weakref.WeakKeyDictionary()
_facts: weakref.WeakKeyDictionary[Any, dict[tuple[str, ...], Any]] = weakref.WeakKeyDictionary()


def run_of(step: Any) -> Any:
    """What lives as long as one run: the converter. nbgrader makes new steps for every notebook."""
    exporter = step.parent
    return getattr(exporter, "parent", None) or exporter or step


def judging_of(run: Any, course: str) -> Judging:
    """The judging of a run: keys are compiled and workers started once for a class. Raises CourseError.

    `course` is the folder with course.yml, seen from nbgrader's course directory; empty, the nearest above that.
    """
    if run not in _judgings:
        judging = Judging(course_of(run, course))
        _judgings[run] = judging
        weakref.finalize(run, judging.close)
    return _judgings[run]


def course_of(run: Any, course: str) -> Course:
    """The course whose folder is `course`, as for `judging_of`. Raises CourseError."""
    start = _course_directory(run)
    return load_course(start / course if course else find_course(start))


def end(run: Any) -> None:
    """End the workers of a run, and forget what it has read. Where nbgrader does not say that a run has ended, it is kept."""
    if (judging := _judgings.pop(run, None)) is not None:
        judging.close()
    _facts.pop(run, None)


def _course_directory(run: Any) -> Path:
    """The course directory of nbgrader; a Validator, which goes into the notebook's folder, may not know it."""
    coursedir = getattr(run, "coursedir", None)
    if coursedir is not None:
        return Path(coursedir.root)
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "nbgrader_config.py").exists()), here)


def facts_for(step: Any, resources: Any) -> NotebookFacts:
    """What the database holds of the notebook that a step is at. Raises UsageError as `facts_of` does."""
    about = resources["nbgrader"]
    return facts_of(run_of(step), about["db_url"], about["assignment"], about["notebook"])


def facts_of(run: Any, db_url: str, assignment: str, notebook: str) -> NotebookFacts:
    """What the database holds of a notebook, read once in a run. Raises UsageError for one it does not have."""
    found: NotebookFacts = _asked(
        run, db_url, assignment, lambda gradebook: read_facts(gradebook, assignment, notebook), notebook
    )
    return found


def released_of(run: Any, db_url: str, assignment: str) -> frozenset[str]:
    """The names of an assignment's notebooks, read once in a run. Raises UsageError for one that was never released."""
    found: frozenset[str] = _asked(
        run,
        db_url,
        assignment,
        lambda gradebook: frozenset(each.name for each in gradebook.find_assignment(assignment).notebooks),
    )
    return found


def _asked(run: Any, db_url: str, assignment: str, ask: Callable[[Gradebook], Any], *more: str) -> Any:
    """What the gradebook answers, asked once in a run."""
    known = _facts.setdefault(run, {})
    name = (db_url, assignment, *more)
    if name not in known:
        with telling_who_locks(db_url), Gradebook(db_url) as gradebook:
            try:
                known[name] = ask(gradebook)
            except MissingEntry as error:
                raise UsageError(f"{error}; run `nbgrader generate_assignment {assignment}`") from None
    return known[name]


def adopt(run: Any, judging: Judging) -> None:
    """Have the steps of a run use a judging of its owner's."""
    _judgings[run] = judging
