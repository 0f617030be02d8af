"""What the steps of one run of nbgrader share: nbgrader makes every step anew for every notebook."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.api import Gradebook, MissingEntry

from grader.course.course_yml import find_course, load_course
from grader.errors import UsageError
from grader.for_nbgrader.gradebook.database import telling_who_locks
from grader.for_nbgrader.gradebook.facts import read_facts
from grader.for_nbgrader.judging import Judging

if TYPE_CHECKING:
    from grader.for_nbgrader.gradebook.facts import NotebookFacts

__all__ = ["adopt", "facts_of", "judging_of"]

_judgings: weakref.WeakKeyDictionary[Any, Judging] = weakref.WeakKeyDictionary()
_facts: weakref.WeakKeyDictionary[Any, dict[tuple[str, ...], NotebookFacts]] = weakref.WeakKeyDictionary()


def _run_of(step: Any) -> Any:
    """What lives as long as one run: the converter. nbgrader makes new steps for every notebook."""
    exporter = step.parent
    return getattr(exporter, "parent", None) or exporter or step


def judging_of(step: Any) -> Judging:
    """The judging of this run: keys are compiled and workers started once for a class."""
    run = _run_of(step)
    if run not in _judgings:
        start = _course_directory(run)
        root = start / step.course if step.course else find_course(start)
        judging = Judging(load_course(root))
        _judgings[run] = judging
        weakref.finalize(run, judging.close)
    return _judgings[run]


def _course_directory(run: Any) -> Path:
    """The course directory of nbgrader; a Validator, which goes into the notebook's folder, may not know it."""
    coursedir = getattr(run, "coursedir", None)
    if coursedir is not None:
        return Path(coursedir.root)
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "nbgrader_config.py").exists()), here)


def facts_of(step: Any, db_url: str, assignment: str, notebook: str) -> NotebookFacts:
    """What the database holds of a notebook, read once in a run. Raises UsageError for one it does not have."""
    known = _facts.setdefault(_run_of(step), {})
    name = (db_url, assignment, notebook)
    if name not in known:
        with telling_who_locks(db_url), Gradebook(db_url) as gradebook:
            try:
                known[name] = read_facts(gradebook, assignment, notebook)
            except MissingEntry as error:
                raise UsageError(f"{error}; run `nbgrader generate_assignment {assignment}`") from None
    return known[name]


def adopt(run: Any, judging: Judging) -> None:
    """Have the steps of a run use a judging of its owner's."""
    _judgings[run] = judging
