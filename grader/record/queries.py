"""What is asked of a record again and again, as statements that are made once: making one takes longer than running it."""

from __future__ import annotations

import functools
from importlib import import_module
from typing import Any, cast

import sqlalchemy as sa

from grader.record.rows import EARLIER, NOT_JUDGED
from grader.record.schema import attempt, content, current_result, edit, judgement, result

__all__ = [
    "ATTEMPTS", "CONTENTS", "CURRENT", "DATA", "ENTRIES", "EVENTS", "HANDED_IN", "IDENTITIES",
    "JUDGEMENTS", "NUMBERS", "PASSED_OVER", "POSSIBLE", "RANKS", "RESULTS", "SAID", "TRIED", "WANTED", "add_attempts", "add_judgements", "chosen",
]  # fmt: skip

WANTED = "wanted"
"""The name of the parameter that takes values, at most as many as a statement may have."""
_WANTED: sa.BindParameter[Any] = sa.bindparam(WANTED, expanding=True)

CONTENTS = sa.select(content.c.hash, content.c.size).where(content.c.hash.in_(_WANTED))
DATA = sa.select(content.c.hash, content.c.data).where(content.c.hash.in_(_WANTED))
ATTEMPTS = sa.select(attempt.c.digest, attempt.c.id).where(attempt.c.digest.in_(_WANTED))
JUDGEMENTS = sa.select(judgement.c.identity, judgement.c.id, judgement.c.rank).where(judgement.c.identity.in_(_WANTED))
RANKS = sa.select(judgement.c.id, judgement.c.rank).where(judgement.c.id.in_(_WANTED))
SAID = sa.select(judgement.c.id, judgement.c.program, judgement.c.provenance, judgement.c.result).where(
    judgement.c.id.in_(_WANTED)
)


@functools.cache
def _adding(dialect: str, table: sa.Table, *columns: sa.Column[Any]) -> sa.Executable:
    """Add the rows that are new, and give these columns of those alone. A dialect is imported where it is spoken."""
    insert = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
    return cast("sa.Executable", insert.on_conflict_do_nothing().returning(*columns))


def add_attempts(dialect: str) -> sa.Executable:
    """Add the attempts that are new, and give their digests and numbers."""
    return _adding(dialect, attempt, attempt.c.digest, attempt.c.id)


def add_judgements(dialect: str) -> sa.Executable:
    """Add the judgements that are new, and give their identities, numbers and ranks."""
    return _adding(dialect, judgement, judgement.c.identity, judgement.c.id, judgement.c.rank)


RESULTS = (
    sa.select(
        attempt.c.student, attempt.c.assignment, attempt.c.exercise, result.c.attempt, result.c.judgement, result.c.rank
    )
    .join_from(result, attempt, attempt.c.id == result.c.attempt)
    .where(attempt.c.student.in_(_WANTED))
    .order_by(result.c.id)
)
"""All results of some students, in the order in which they were recorded."""

CURRENT = (
    sa.select(current_result.c.student, current_result.c.assignment, current_result.c.exercise)
    .join(attempt, attempt.c.id == current_result.c.attempt)
    .join(judgement, judgement.c.id == current_result.c.judgement)
    .outerjoin(edit, edit.c.judgement == judgement.c.id)
)
"""Whose the current results are, to which columns of all that they consist of can be added."""

_WAITS = sa.and_(judgement.c.waits, edit.c.id.is_(None)).label("waits")

IDENTITIES = CURRENT.add_columns(
    judgement.c.identity, attempt.c.content, attempt.c.name, attempt.c.submitted_at, attempt.c.place,
    attempt.c.said_by, judgement.c.key, judgement.c.grader, current_result.c.rank, _WAITS, judgement.c.id, current_result.c.result,
)  # fmt: skip

NUMBERS = CURRENT.with_only_columns(
    current_result.c.student, current_result.c.assignment, current_result.c.result, _WAITS, maintain_column_froms=True
)

_OF_A_RESULT = (
    sa.select(
        attempt.c.student, attempt.c.assignment, attempt.c.exercise, attempt.c.content, attempt.c.name,
        attempt.c.submitted_at, attempt.c.said_by, attempt.c.place, result.c.rank, judgement.c.id.label("judgement_id"),
        result.c.id.label("result_id"),
    )
    .join_from(result, attempt, attempt.c.id == result.c.attempt)
    .join(judgement, judgement.c.id == result.c.judgement)
    .outerjoin(edit, edit.c.judgement == judgement.c.id)
)  # fmt: skip

ENTRIES = _OF_A_RESULT.add_columns(
    judgement.c.provenance, judgement.c.program, judgement.c.identity, judgement.c.result.label("judged"),
    edit.c.result.label("edited"), _WAITS,
).where(result.c.id.in_(_WANTED))  # fmt: skip

EVENTS = (
    _OF_A_RESULT.add_columns(
        judgement.c.verdict, judgement.c.score, judgement.c.max_score, judgement.c.key, judgement.c.grader,
        result.c.run, result.c.at, edit.c.at.label("edited_at"),
    )
    .where(attempt.c.student.in_(_WANTED))
    .order_by(result.c.id)
)  # fmt: skip


# Written out: to a server two parameters with the same value are not the same.
_DAY = sa.func.substr(attempt.c.submitted_at, sa.literal_column("1"), sa.literal_column("10"))

HANDED_IN = (
    sa.select(attempt.c.assignment, _DAY, sa.func.count())
    .where(attempt.c.content.is_not(None))
    .group_by(attempt.c.assignment, _DAY)
)
"""How many answers to each assignment were handed in on each day."""

_LAST = (
    sa.select(
        attempt.c.student, attempt.c.assignment, attempt.c.exercise, sa.func.max(result.c.id).label("result_id"),
    )
    .join_from(result, attempt, attempt.c.id == result.c.attempt)
    .where(result.c.rank > EARLIER)
    .group_by(attempt.c.student, attempt.c.assignment, attempt.c.exercise)
    .subquery()
)  # fmt: skip

PASSED_OVER = (
    sa.select(_LAST, result.c.rank)
    .join_from(_LAST, result, result.c.id == _LAST.c.result_id)
    .join(
        current_result,
        (current_result.c.student == _LAST.c.student)
        & (current_result.c.assignment == _LAST.c.assignment)
        & (current_result.c.exercise == _LAST.c.exercise),
    )
    .where(result.c.rank < current_result.c.rank)
    .order_by(_LAST.c.result_id)
)
"""The last results of those answers of which an earlier one counts."""


@functools.cache
def chosen(*, student: bool, assignment: bool, exercises: bool) -> sa.Select[Any]:
    """Whose the current results are, and their numbers: one student's, one assignment's, those of some exercises."""
    found: sa.Select[Any] = sa.select(
        current_result.c.student, current_result.c.assignment, current_result.c.exercise, current_result.c.result
    )
    if student:
        found = found.where(current_result.c.student == sa.bindparam("student"))
    if assignment:
        found = found.where(current_result.c.assignment == sa.bindparam("assignment"))
    if exercises:
        found = found.where(current_result.c.exercise.in_(_WANTED))
    return found


_WORTH = sa.case((result.c.rank == EARLIER, judgement.c.rank), else_=result.c.rank)
_EACH_TRIED = (
    sa.select(
        attempt.c.student, attempt.c.assignment, attempt.c.exercise, attempt.c.id, attempt.c.content, attempt.c.name,
        attempt.c.submitted_at, attempt.c.said_by, _WORTH.label("rank"), result.c.id.label("result_id"), judgement.c.verdict,
        judgement.c.score, judgement.c.max_score, judgement.c.misconceptions, judgement.c.written,
        sa.func.row_number().over(partition_by=attempt.c.id, order_by=(_WORTH.desc(), result.c.id.desc())).label("best"),
        sa.func.row_number().over(
            partition_by=(attempt.c.student, attempt.c.assignment, attempt.c.exercise),
            order_by=(result.c.rank.desc(), result.c.id.desc()),
        ).label("counts"),
    )
    .join_from(attempt, result, result.c.attempt == attempt.c.id)
    .join(judgement, judgement.c.id == result.c.judgement)
    .where(attempt.c.student.in_(_WANTED))
    .subquery()
)  # fmt: skip
TRIED = (
    sa.select(_EACH_TRIED)
    .where((_EACH_TRIED.c.best == 1) | (_EACH_TRIED.c.counts == 1))
    .order_by(_EACH_TRIED.c.result_id)
)
"""Of every attempt of some students the best result, and of every answer that which counts without rules."""

_NEWEST = (
    sa.select(sa.func.max(result.c.id))
    .join_from(result, attempt, attempt.c.id == result.c.attempt)
    .join(judgement, judgement.c.id == result.c.judgement)
    .where(judgement.c.rank != NOT_JUDGED)
    .group_by(attempt.c.assignment, attempt.c.exercise)
)
POSSIBLE = (
    sa.select(attempt.c.assignment, attempt.c.exercise, judgement.c.max_score)
    .join_from(result, attempt, attempt.c.id == result.c.attempt)
    .join(judgement, judgement.c.id == result.c.judgement)
    .where(result.c.id.in_(_NEWEST))
)
"""The points of each exercise that anybody was graded for, by its newest result."""
