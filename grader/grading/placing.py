"""What a student is told of the file that was graded, where it is not simply the one in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.judging.verdicts import ExerciseResult

if TYPE_CHECKING:
    from grader.submissions.submission import Submission

__all__ = ["with_its_place"]


def with_its_place(result: ExerciseResult, submission: Submission) -> ExerciseResult:
    """The result with the submission's note before the feedback of its first check, whatever the verdict.

    Where there was no file the note is the feedback already.
    """
    if not submission.note or submission.path is None or not result.checks:
        return result
    first, *others = result.checks
    told = f"Note: {submission.note}.\n{first.feedback}".rstrip("\n")
    return ExerciseResult.of(result.exercise, [msgspec.structs.replace(first, feedback=told), *others])
