"""The page that a student gets, one file with everything in it: verdicts, diagnoses and the answer; all that was written is text."""

from __future__ import annotations

import functools
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup
from msgspec import UNSET

from grader.judging.verdicts import UNJUDGED, Verdict
from grader.reports.about import About, AboutExercise
from grader.reports.cited import Listing, cited_lines, in_html, listings
from grader.reports.comparison import of_example
from grader.reports.pages import Standing, ended, groups, standing, template
from grader.reports.visible import seen

if TYPE_CHECKING:
    from grader.judging.verdicts import CheckResult
    from grader.reports.about import Other
    from grader.reports.comparison import Comparison
    from grader.reports.report import ExerciseReport, Report
    from grader.reports.visible import Moment

__all__ = ["Row", "feedback_page", "row_of"]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Checks that ended alike, and what is said of them."""

    checks: tuple[CheckResult, ...]
    standing: Standing
    feedback: Markup
    compared: Comparison | None


class _Section(msgspec.Struct, frozen=True, kw_only=True):
    """One exercise."""

    result: ExerciseReport
    about: AboutExercise
    task: Markup
    hints: tuple[Markup, ...]
    standing: Standing
    said: Markup
    """What is said of all checks alike."""
    checks: Markup
    notes: tuple[Markup, ...]
    listings: tuple[Listing, ...]
    left_out: int
    """How many cells are not shown."""


def feedback_page(report: Report, moment: Moment, about: About | None = None) -> str:
    """An HTML page for a report, with what its student may see at a moment, and what is told beside it where that is known."""
    about = about or About(title=report.assignment)
    found = seen(report, moment)
    sections = [_section(each, about.exercises.get(each.exercise)) for each in found.report.exercises]
    others = [(each, _standing(each), Markup(each.content)) for each in about.others]  # noqa: S704  safe where it was made
    return template("grader.reports", "feedback.html").render(
        report=found.report, about=about, later=found.later, sections=sections, unjudged=UNJUDGED, others=others,
        score=math.fsum([found.report.score, *(each.points for each in about.others)]),
        max_score=math.fsum([found.report.max_score, *(each.possible for each in about.others)]),
        handed_in=_moment(report.submitted_at), common=_common(found.report),
    )  # fmt: skip


def _common(report: Report) -> tuple[str, ...]:
    """What is to be said of the worth of every exercise, and so once."""
    notes = [each.worth.notes for each in report.exercises]
    return tuple(note for note in (notes[0] if notes else ()) if all(note in each for each in notes))


def _section(result: ExerciseReport, known: AboutExercise | None) -> _Section:
    about = known or AboutExercise(title=result.exercise)
    texts = [*(check.feedback for check in result.checks), *result.notes]
    listed = listings(result.exercise, about, cited_lines(texts, about.answer))
    whole = {check.feedback for check in result.checks}
    alike = whole.pop() if len(whole) == 1 and len(result.checks) > 1 else ""
    places = {(each.name, line.number): line.place for each in listed for line in each.lines if line.place}

    def said(text: str) -> Markup:
        return in_html(text, about.answer, places)

    return _Section(
        result=result,
        about=about,
        task=Markup(about.task),  # noqa: S704  made safe where it was made, as the hints
        hints=tuple(map(Markup, about.hints)),
        standing=standing(result.verdict, result.score, waiting=any(each.waiting for each in result.checks)),
        said=said(alike),
        checks=_list_of(tuple((checks, said("" if alike else checks[0].feedback)) for checks in groups(result.checks))),
        notes=tuple(map(said, result.notes)),
        listings=listed,
        left_out=sum(bool(chunk.source.strip()) for chunk in about.answer) - len(listed),
    )


@functools.lru_cache(maxsize=1_000)
def _list_of(told: tuple[tuple[tuple[CheckResult, ...], Markup], ...]) -> Markup:
    """Groups of checks, each with its feedback, as HTML: made once for all who are told the same, as most of a class are."""
    rows = [row_of(checks, feedback) for checks, feedback in told]
    made: Markup = template("grader.reports", "checks.html").module.check_list(rows)  # type: ignore[attr-defined]
    return made


def row_of(checks: tuple[CheckResult, ...], feedback: Markup) -> Row:
    """A row; arrays are those of a public check, and of no other."""
    example = next((check.example for check in checks if check.public and check.example is not UNSET), UNSET)
    return Row(
        checks=checks,
        standing=ended(checks),
        feedback=feedback,
        compared=None if example is UNSET else of_example(example),
    )


def _standing(other: Other) -> Standing:
    right = other.points >= other.possible
    return standing(Verdict.ACCEPTED if right else Verdict.WRONG_ANSWER, other.points, waiting=other.waits)


def _moment(text: str) -> Any:
    """A moment for people and for programs; as it stands where it is none."""
    try:
        found = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None
    return {"iso": found.isoformat(), "words": f"{found:%Y-%m-%d %H:%M} UTC"}
