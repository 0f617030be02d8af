"""The step that judges where nbgrader's Execute runs a notebook, and the one that takes out bad metadata."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.preprocessors import DeduplicateIds, Execute
from nbgrader.utils import is_grade, is_locked, is_solution
from traitlets import Enum, Unicode

from grader.errors import UsageError
from grader.for_nbgrader.cells import exercise_of, grade_id_of
from grader.for_nbgrader.gradebook.facts import NotebookFacts, require_agreement
from grader.for_nbgrader.preprocessors.outputs import judged_outputs, not_isolated_output, unjudged_output
from grader.for_nbgrader.preprocessors.released_cells import metadata_validator
from grader.for_nbgrader.preprocessors.restore_cells import made_code_again, restored, without_bad_metadata
from grader.for_nbgrader.run import facts_for, judging_of, released_of, run_of
from grader.for_nbgrader.submitted.folders import other_notebooks
from grader.judging.verdicts import Verdict
from grader.submissions.cells import is_answer, is_released
from grader.wire.messages import Chunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbformat import NotebookNode

    from grader.for_nbgrader.judging import Judged, Judging

__all__ = ["JudgeExercises", "KeepKnownCells", "student_cells"]

_LANGUAGE = {"name": "python"}

_HOW = "put `from grader.nbgrader import configure` and `configure(c)` into nbgrader_config.py, and nothing else of it"


class JudgeExercises(Execute):
    """Judges the course's exercises in the place of Execute: nothing that a student wrote runs in a kernel."""

    course = Unicode("", help="The folder with course.yml, seen from nbgrader's course directory.").tag(config=True)
    plain_cells = Enum(
        ["refuse", "execute"],
        default_value="refuse",
        help="What becomes of test cells that are no exercise of the course: refuse the notebook, or execute it in a "
        "kernel, without isolation, as nbgrader does.",
    ).tag(config=True)

    def __call__(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Run the step, or refuse where it is switched off, since nbgrader would then give everybody full marks."""
        if not self.enabled:
            raise UsageError("--no-execute (Execute.enabled = False) gives everybody full marks; run without it")
        return self.preprocess(nb, resources)

    def preprocess(self, nb: NotebookNode, resources: Any = None, km: Any = None) -> tuple[NotebookNode, Any]:
        """Judge a notebook and write the scores into its test cells.

        Raises GraderError where the course, the configuration or the database is at fault: nothing is graded then.
        """
        _fill_with_errors(nb)
        self._require_only_step()
        judging = judging_of(run_of(self), self.course)
        about = (resources or {}).get("nbgrader")
        if about is None:
            return self._validate(nb, judging), resources
        facts = facts_for(self, resources)
        student = str(about["student"])
        self.require_judgeable(facts, judging, student)
        judged = judging.judge(facts.exercises, student_cells(nb, facts), student) if facts.exercises else {}
        if judged and all(each.result.verdict is Verdict.NOT_ATTEMPTED for each in judged.values()):
            self._look_beside(about)
        return self.finish(nb, resources, facts, judged, km)

    def _look_beside(self, about: dict[str, Any]) -> None:
        """Of a notebook with no answer in it, find those beside that nobody has read: SaveGrades asks for a person then."""
        run = run_of(self)
        if (coursedir := getattr(run, "coursedir", None)) is None:
            return
        assignment, student = about["assignment"], str(about["student"])
        folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
        if others := other_notebooks(folder, released_of(run, about["db_url"], assignment)):
            about["not_read"] = others
            name = f"{about['notebook']}.ipynb"
            self.log.warning("%s: %s holds no answer; not read: %s", student, name, ", ".join(map(repr, others)))

    def require_judgeable(self, facts: NotebookFacts, judging: Judging, student: str) -> None:
        """Raises GraderError for a database that differs from the course, and for cells that only a kernel can run."""
        expected = judging.notebook_exercises(facts.assignment, facts.notebook)
        known = {exercise.id for exercise in judging.course.exercises()}
        keys = {name: judging.key(name, student) for name in {*facts.exercises, *expected} & known}
        require_agreement(facts, keys, expected)
        if facts.plain and self.plain_cells == "refuse":
            raise UsageError(
                f"{facts.assignment}/{facts.notebook} has test cells that are no exercise of the course: "
                f"{', '.join(facts.plain)}. Make exercises of them, or set JudgeExercises.plain_cells = 'execute', "
                "which runs the notebook in a kernel, without isolation"
            )

    def finish(
        self, nb: NotebookNode, resources: Any, facts: NotebookFacts, judged: dict[str, Judged], km: Any = None
    ) -> tuple[NotebookNode, Any]:
        """Write what was judged into the notebook, after running it in a kernel where that is asked for."""
        if self.executes(facts):
            nb, resources = self._execute(nb, resources, facts.notebook, facts.own, km)
        if facts.exercises:
            restored(nb, facts)
        for cell in nb.cells:
            exercise = exercise_of(grade_id_of(cell))
            if _is_test(cell) and exercise in judged:
                cell.outputs = judged_outputs(judged[exercise], facts.graded[grade_id_of(cell)].points)
                cell.execution_count = None
        if facts.exercises:
            nb.metadata["language_info"] = dict(_LANGUAGE)
        else:
            nb.metadata.setdefault("language_info", dict(_LANGUAGE))
        return nb, resources

    def executes(self, facts: NotebookFacts) -> bool:
        """Whether a kernel runs a notebook: for the instructor's own cells, or because it has no exercise of the course."""
        return self.plain_cells == "execute" and bool(facts.own or not facts.exercises)

    def _execute(
        self, nb: NotebookNode, resources: Any, notebook: str, own: Sequence[str], km: Any = None
    ) -> tuple[NotebookNode, Any]:
        """Run a notebook as nbgrader does, and say in the log and in the test cells among its `own` what that means."""
        self.log.warning("Running %s in a kernel, NOT ISOLATED: %s", notebook, ", ".join(own) or "all of it")
        nb, resources = super().preprocess(nb, resources, km)
        for cell in nb.cells:
            if _is_test(cell) and grade_id_of(cell) in own:
                cell.outputs.append(not_isolated_output())
        return nb, resources

    def _validate(self, nb: NotebookNode, judging: Judging) -> NotebookNode:
        """Judge the exercises of a notebook that no database is asked about: `nbgrader validate`."""
        tests = {
            exercise: cell
            for cell in nb.cells
            if _is_test(cell) and (exercise := exercise_of(cell.metadata.nbgrader.get("grade_id", ""))) is not None
        }
        names = [str(cell.metadata.nbgrader.get("grade_id", "")) for cell in nb.cells if _is_test(cell)]
        plain = [name for name in names if exercise_of(name) is None]
        if plain and self.plain_cells == "refuse":
            raise UsageError(
                f"test cells that are no exercise of the course: {', '.join(plain)}; see JudgeExercises.plain_cells"
            )
        if self.plain_cells == "execute" and (plain or not tests):
            nb, _ = self._execute(nb, {}, "the notebook", plain)
        for exercise, judged in judging.judge(tuple(tests), student_cells(nb, None), "").items():
            most = float(tests[exercise].metadata.nbgrader.points)
            tests[exercise].outputs = judged_outputs(judged.scaled(most) if judging.course.released else judged, most)
        nb.metadata.setdefault("language_info", dict(_LANGUAGE))
        return nb

    def _require_only_step(self) -> None:
        steps = [step for step in getattr(self.parent, "_preprocessors", [self]) if isinstance(step, Execute)]
        if [type(step) for step in steps] != [type(self)]:
            names = ", ".join(type(step).__name__ for step in steps)
            raise UsageError(
                f"Autograde.autograde_preprocessors names more than one step that runs code: {names}; {_HOW}"
            )


class KeepKnownCells(DeduplicateIds):
    """Takes nbgrader's metadata from cells that have none of it right, where nbgrader ends the run for the class."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Keep the metadata of the last cell of each name in the database, and of no other cell.

        A notebook with none of the course's exercises is nbgrader's own affair, but for the empty metadata that its
        step leaves in a cell which is there twice.
        """
        facts = facts_for(self, resources)
        if not facts.exercises:
            nb, resources = super().preprocess(nb, resources)
            for cell in nb.cells:
                if not cell.metadata.get("nbgrader", True):
                    del cell.metadata["nbgrader"]
            return nb, resources
        made_code_again(nb, facts)
        for name in without_bad_metadata(nb, facts, metadata_validator()):
            ignored = "%s: the metadata of a cell %r is not that of the assignment, and is ignored"
            self.log.warning(ignored, resources["nbgrader"]["student"], name)
        return nb, resources


def _is_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def _fill_with_errors(nb: NotebookNode) -> None:
    """Leave no test cell without a score of zero: whatever fails from here on gives nobody points."""
    for cell in nb.cells:
        if _is_test(cell):
            cell.outputs = [unjudged_output()]


def student_cells(nb: NotebookNode, facts: NotebookFacts | None) -> list[Chunk]:
    """The code cells that are the student's, and the locked ones as they were released: without `facts`, as they stand."""
    numbers: Counter[str] = Counter()
    found = []
    for cell in nb.cells:
        numbers[cell.cell_type] += 1
        grade_id = grade_id_of(cell)
        chunk = Chunk(f"{cell.cell_type} cell {numbers[cell.cell_type]}", cell.source, grade_id)
        if cell.cell_type != "code" and not (is_solution(cell) and is_answer(grade_id, cell.source)):
            continue
        if facts is None:
            source = None if is_locked(cell) and not is_released(chunk) else cell.source
        elif grade_id in facts.sources and facts.sources[grade_id].locked:
            source = facts.given(grade_id)
        else:
            source = cell.source
        if source is not None and source.strip():
            found.append(Chunk(chunk.name, source, grade_id))
    return found
