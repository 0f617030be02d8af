"""nbgrader's steps that write into the gradebook, for a converter that has it open: its `gradebook`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["SaveGrades", "before_writing", "writing_step"]


class SaveGrades(SaveAutoGrades):
    """Saves into the gradebook that is open, where there is one; nbgrader opens one for every notebook."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Save the scores and comments of all cells."""
        about = resources["nbgrader"]
        if getattr(self.parent.parent, "gradebook", None) is None:
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]  # nbgrader has no types
        self.notebook_id, self.assignment_id, self.student_id = about["notebook"], about["assignment"], about["student"]
        self.gradebook = self.parent.parent.gradebook
        return NbGraderPreprocessor.preprocess(self, nb, resources)  # type: ignore[no-any-return]  # nbgrader has no types

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        """Save a score; none, and a person is asked, where what was read may not be what was meant to be handed in."""
        super()._add_score(cell, resources)
        if resources["nbgrader"].get("not_read"):
            grade = self.gradebook.find_grade(
                cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
            )
            grade.auto_score, grade.needs_manual_grade = None, True
            self.gradebook.db.commit()


class LatePenalties(AssignLatePenalties):
    """Leaves a submission that is not late as it is, where nbgrader opens a gradebook to find out."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        about = resources["nbgrader"]
        gradebook = self.parent.parent.gradebook
        self.init_plugin()
        submission = gradebook.find_submission(about["assignment"], about["student"])
        notebook = gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
        notebook.late_submission_penalty = None
        if (seconds := submission.total_seconds_late) > 0:
            gradebook.db.flush()
            gradebook.db.expire(notebook)  # its score is computed by the database
            penalty = self.plugin_inst.late_submission_penalty(about["student"], notebook.score, seconds)
            if penalty is not None:
                notebook.late_submission_penalty = self._check_late_penalty(notebook, penalty)
        return nb, resources


_OPEN: dict[Any, Any] = {SaveAutoGrades: SaveGrades, AssignLatePenalties: LatePenalties}


def writing_step(kind: Any) -> Any:
    """The step for a converter that has the gradebook open; every other as it is."""
    return _OPEN.get(kind, kind)


def before_writing(steps: list[Any]) -> list[Any]:
    """The steps up to the first that writes into the gradebook."""
    writing = next(
        (i for i, step in enumerate(steps) if isinstance(step, SaveAutoGrades | AssignLatePenalties)), len(steps)
    )
    return steps[:writing]
