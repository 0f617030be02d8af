"""What a student's page tells beside the report: the task, the answer as it was handed in, the hints. Plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.wire.messages import Chunk

__all__ = ["About", "AboutExercise", "Other"]


class AboutExercise(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of one exercise."""

    title: str
    task: str = ""
    """Safe HTML, below headings of the second level."""
    hints: tuple[str, ...] = ()
    """From a nudge to nearly the solution; safe HTML."""
    file: str = ""
    """The name of what was handed in."""
    answer: tuple[Chunk, ...] = ()
    """The program in it: a file, or the cells of a notebook, by the names that feedback cites."""
    own: frozenset[str] = frozenset()
    """The names of those that are shown, whether or not a line of theirs is cited."""
    comment: str = ""
    """What a person wrote of it who gave no points."""


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an assignment that is no exercise, and has points all the same: a cell of the instructor's own."""

    name: str
    points: float
    possible: float
    waits: bool
    """Whether a person has still to give its points."""
    comment: str
    content: str
    """What stands in it; safe HTML."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of an assignment."""

    title: str
    exercises: Mapping[str, AboutExercise] = {}
    others: tuple[Other, ...] = ()
    by: str = ""
    """By whose word it was handed in when it was, in words; empty where that is the word of the service that received it."""
