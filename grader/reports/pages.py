"""The templates of what a student gets, everything escaped, and the words that they share."""

from __future__ import annotations

import functools
import itertools
import math
from typing import TYPE_CHECKING

import msgspec

from grader.judging.verdicts import Verdict
from grader.names import shown
from grader.reports.comparison import grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import jinja2

    from grader.judging.verdicts import CheckResult, ExerciseResult

__all__ = ["Standing", "ended", "groups", "inert_line", "points", "said", "standing", "template", "words"]


_SENTENCE = 50
"""A line of so many letters is a sentence on a mistake; shorter ones, as which part is wrong, are said under each check."""
_AGAIN = "The same mistake as above."


class Standing(msgspec.Struct, frozen=True):
    """How checks ended, by a mark and in words; its look adds a colour, and nothing that these do not say."""

    mark: str
    words: str
    look: str


def points(number: float) -> str:
    """A number of points, without needless decimals."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def words(verdict: str) -> str:
    """A verdict for reading."""
    return verdict.replace("_", " ").lower()


def groups(checks: Iterable[CheckResult]) -> list[tuple[CheckResult, ...]]:
    """Checks in order; neighbours that failed in the same way with the same sentence together.

    A mistake is told where it is met first, and referred to after that; what a check ends with are its own facts.
    """
    alike = itertools.groupby(
        checks, key=lambda check: (check.feedback, check.verdict, check.public) if check.feedback else check.name
    )
    said: set[str] = set()
    found = []
    for _, group in alike:
        members = tuple(group)
        *told, facts = members[0].feedback.split("\n")
        lines = dict.fromkeys(_AGAIN if line in said else line for line in told)
        said.update(line for line in told if len(line) >= _SENTENCE)
        feedback = "\n".join([*lines, facts])
        found.append(tuple(msgspec.structs.replace(check, feedback=feedback) for check in members))
    return found


def standing(verdict: Verdict, earned: float, *, waiting: bool = False) -> Standing:
    """How a check, or an exercise, ended: wrong is only what was tried, and of which nothing is right."""
    if waiting:
        return Standing("…", "waits for a person", "open")
    if verdict is Verdict.ACCEPTED:
        return Standing("✓", "right", "right")
    if verdict is Verdict.JUDGE_ERROR:
        return Standing("○", "not judged", "open")
    if earned > 0:
        return Standing("◐", "right in part", "part")
    return Standing(
        *("○", "not attempted", "open") if verdict is Verdict.NOT_ATTEMPTED else ("✗", words(verdict), "wrong")
    )


def ended(checks: Sequence[CheckResult]) -> Standing:
    """How checks of one verdict ended, together."""
    earned = math.fsum(check.points for check in checks)
    return standing(checks[0].verdict, earned, waiting=any(check.waiting for check in checks))


def said(result: ExerciseResult, hidden: float) -> str:
    """The verdict; where hidden checks give points, that all is right is not said of a few examples, and of none nothing."""
    rest = f"hidden checks decide {points(hidden)} point{'' if hidden == 1 else 's'}"
    if not result.checks and result.verdict is not Verdict.JUDGE_ERROR:
        return f"no public examples; {rest}"
    return f"public examples right; {rest}" if result.verdict is Verdict.ACCEPTED and hidden else result.verdict


def inert_line(line: str) -> str:
    """A line without the control characters that could drive a terminal."""
    return "".join(letter if letter.isprintable() or letter == "\t" else "?" for letter in line)


@functools.cache
def template(package: str, name: str) -> jinja2.Template:
    """A template of a package's own, which may use those of the reports."""
    import jinja2  # noqa: PLC0415  a terminal needs the words alone, and waits for what it imports

    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(package), jinja2.PackageLoader("grader.reports")]),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    environment.filters.update(points=points, words=words, groups=groups, shown=shown, grid=grid)
    return environment.get_template(name)
