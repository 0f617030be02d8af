"""What people decided about a term, out of the acts of its record: extensions, excuses, publication, marks. Pure.

An act is never changed: what takes one back is another.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from grader.course.policies import Extension
from grader.reports.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from grader.record.rows import Act

__all__ = [
    "EXCUSE",
    "EXTEND",
    "MARK",
    "PUBLISH",
    "about",
    "concerned",
    "excuses",
    "extensions",
    "marks",
    "marks_by",
    "published",
]

EXTEND, EXCUSE, PUBLISH, MARK = "extend", "excuse", "publish", "mark"


def concerned(acts: Iterable[Act]) -> set[str]:
    """The assignments, and of marks the exercises, whose grades or pages acts may have changed."""
    return {
        act.details["exercise" if act.kind == MARK else "assignment"]
        for act in acts
        if act.kind in (EXTEND, EXCUSE, MARK)
    }


def about(acts: Iterable[Act], who: Container[str], assignment: str = "", exercise: str = "") -> list[Act]:
    """The marks, extensions and excuses of `who`, a student's name and the team's: on an exercise and its assignment, or on all."""
    return [
        act
        for act in acts
        if (act.kind == MARK and act.details["student"] in who and exercise in ("", act.details["exercise"]))
        or (
            act.kind in (EXTEND, EXCUSE) and act.details["who"] in who and assignment in ("", act.details["assignment"])
        )
    ]


def _of(kind: str, acts: Iterable[Act]) -> Iterator[Act]:
    return (each for each in acts if each.kind == kind)


def extensions(acts: Iterable[Act]) -> tuple[Extension, ...]:
    """The due dates that were moved on, of students and groups: of each the last that was given."""
    found = {
        (act.details["who"], act.details["assignment"]): Extension(
            who=act.details["who"], assignment=act.details["assignment"],
            until=datetime.fromisoformat(act.details["until"]),
        )
        for act in _of(EXTEND, acts)
    }  # fmt: skip
    return tuple(found.values())


def excuses(acts: Iterable[Act]) -> dict[str, frozenset[str]]:
    """The assignments that students or groups are excused from."""
    found: dict[str, set[str]] = {}
    for act in _of(EXCUSE, acts):
        whose = found.setdefault(act.details["who"], set())
        (whose.discard if act.details.get("withdrawn") else whose.add)(act.details["assignment"])
    return {who: frozenset(assignments) for who, assignments in found.items() if assignments}


def published(acts: Iterable[Act]) -> dict[str, str]:
    """The assignments whose results were published, and when."""
    found: dict[str, str] = {}
    for act in _of(PUBLISH, acts):
        if act.details.get("withdrawn"):
            found.pop(act.details["assignment"], None)
        else:
            found.setdefault(act.details["assignment"], act.at)
    return found


def _marks(acts: Iterable[Act]) -> Iterator[Mark]:
    for act in _of(MARK, acts):
        yield msgspec.convert({**act.details, "at": act.at}, Mark)


def marks(acts: Iterable[Act]) -> dict[tuple[str, str, str, str], Mark]:
    """What counts of what people gave for written answers: of each text the last.

    What a person takes back is the last that he or she gave: what was given before counts again.
    """
    given: dict[tuple[str, str, str, str], list[Mark]] = {}
    for mark in _marks(acts):
        of_text = given.setdefault(mark.whose, [])
        if mark.points is not None:
            of_text.append(mark)
        elif own := [place for place, each in enumerate(of_text) if each.by == mark.by]:
            del of_text[own[-1]]
    return {whose: found[-1] for whose, found in given.items() if found}


def marks_by(acts: Iterable[Act]) -> dict[str, dict[tuple[str, str, str, str], Mark]]:
    """What each person gave: of each text the last."""
    by_person: dict[str, list[Act]] = {}
    for act in _of(MARK, acts):
        by_person.setdefault(act.details["by"], []).append(act)
    return {name: marks(each) for name, each in by_person.items()}
