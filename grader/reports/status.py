"""How a student stands with each exercise of a course, by the public examples, and which one is next. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

from grader.judging.verdicts import Score, Verdict
from grader.reports.pages import points, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["ExerciseStatus", "go_on_with", "next_up", "totals"]


class ExerciseStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One exercise: what its public examples say of the answer as it is now, and what else there is to it."""

    exercise: str
    assignment: str
    file: str
    """Where its answer is, or belongs."""
    verdict: Verdict | None
    """None where it cannot be checked here."""
    score: Score
    """Of the public examples."""
    hidden: float
    """What hidden checks decide."""
    examples: int
    hints: int
    """How many of its hints were shown."""
    all_hints: int
    lacking: tuple[str, ...] = ()
    """The packages that it needs and that are not installed here."""

    @property
    def right(self) -> bool:
        """Whether all that can be told here is right."""
        return self.verdict is Verdict.ACCEPTED

    @property
    def said(self) -> str:
        """The verdict in words: of a few examples it is not said that the answer is right."""
        if self.verdict is None:
            return f"needs {', '.join(self.lacking)}"
        if not self.examples and self.verdict is not Verdict.JUDGE_ERROR:
            return "no public examples"
        return "examples right" if self.right else words(self.verdict)

    @property
    def hints_said(self) -> str:
        """How many of its hints were shown; empty where none was."""
        return f"{self.hints} of {self.all_hints} hints" if self.hints else ""


def next_up(statuses: Iterable[ExerciseStatus], after: str = "") -> ExerciseStatus | None:
    """The exercise to go on with, of those that can be checked here; after one of them the first that is left, round the end."""
    found = list(statuses)
    start = next((index + 1 for index, each in enumerate(found) if each.exercise == after), 0)
    here = {each.exercise: each for each in (*found[start:], *found[:start]) if each.examples and each.verdict}
    if start:
        return next((each for each in here.values() if not each.right), None)
    return here.get(go_on_with({name: each.verdict for name, each in here.items() if each.verdict}))


def go_on_with(verdicts: Mapping[str, Verdict]) -> str:
    """Of exercises in course order the first that was tried and is not right, else the first not tried yet; empty where none is left."""
    left = [name for name, verdict in verdicts.items() if verdict is not Verdict.ACCEPTED]
    tried = [name for name in left if verdicts[name] is not Verdict.NOT_ATTEMPTED]
    return next(iter(tried or left), "")


def totals(statuses: Sequence[ExerciseStatus]) -> str:
    """All of them in a sentence."""
    score = Score.total(each.score for each in statuses)
    right = sum(each.right for each in statuses)
    tried = sum(each.verdict not in {None, Verdict.NOT_ATTEMPTED} for each in statuses)
    hidden = math.fsum(each.hidden for each in statuses)
    return (
        f"{right} of {len(statuses)} exercises right in their public examples, {tried} attempted. "
        f"Public points: {points(score.earned)} of {points(score.possible)}; hidden checks decide {points(hidden)} more."
    )
