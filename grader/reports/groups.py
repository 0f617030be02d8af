"""The wrong answers of a class that no mistake explains, grouped by their values, from its reports. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.reports.report import Report

__all__ = ["Group", "groups"]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Answers with the same values."""

    exercise: str
    group: str
    students: tuple[str, ...]
    verdicts: dict[str, int]
    """How many of the answers ended how."""
    checks: tuple[str, ...]
    """The checks in which these values are wrong."""


def groups(reports: Iterable[Report], order: Sequence[str]) -> list[Group]:
    """The groups in the exercises of this order, biggest first."""
    members: dict[tuple[str, str], dict[str, str]] = {}
    checks: dict[tuple[str, str], dict[str, None]] = {}
    for report in reports:
        for result in report.exercises:
            for check in result.checks:
                if check.group and result.exercise in order:
                    place = (result.exercise, check.group)
                    members.setdefault(place, {})[report.student] = result.verdict
                    checks.setdefault(place, {})[check.name] = None
    found = [
        Group(
            exercise=exercise, group=group, students=tuple(who), verdicts=dict(Counter(who.values())),
            checks=tuple(checks[exercise, group]),
        )
        for (exercise, group), who in members.items()
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-len(each.students), order.index(each.exercise), each.group))
