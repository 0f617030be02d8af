"""What is asked of a record again and again, as statements that are made once: making one takes longer than running it."""

from __future__ import annotations

import functools
from typing import Any

import sqlalchemy as sa

from grader.record.schema import attempt, content, current_result, edit, judgement, result

__all__ = [
    "ADD_ATTEMPTS", "ADD_JUDGEMENTS", "ATTEMPTS", "CONTENTS", "CURRENT", "ENTRIES", "EVENTS", "IDENTITIES", "JUDGEMENTS",
    "RANKS", "RESULTS", "SAID", "WANTED", "chosen",
]  # fmt: skip

WANTED = "wanted"
"""The name of the parameter that takes values, at most as many as a statement may have."""
_WANTED: sa.BindParameter[Any] = sa.bindparam(WANTED, expanding=True)

CONTENTS = sa.select(content.c.hash, content.c.size).where(content.c.hash.in_(_WANTED))
ATTEMPTS = sa.select(attempt.c.digest, attempt.c.id).where(attempt.c.digest.in_(_WANTED))
JUDGEMENTS = sa.select(judgement.c.identity, judgement.c.id, judgement.c.rank).where(judgement.c.identity.in_(_WANTED))
RANKS = sa.select(judgement.c.id, judgement.c.rank).where(judgement.c.id.in_(_WANTED))
SAID = sa.select(judgement.c.id, judgement.c.program, judgement.c.provenance, judgement.c.result).where(
    judgement.c.id.in_(_WANTED)
)

ADD_ATTEMPTS = attempt.insert().returning(attempt.c.digest, attempt.c.id)
ADD_JUDGEMENTS = judgement.insert().returning(judgement.c.identity, judgement.c.id, judgement.c.rank)

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
    judgement.c.key, judgement.c.grader, current_result.c.rank, _WAITS, judgement.c.id, current_result.c.result,
)  # fmt: skip

_OF_A_RESULT = (
    sa.select(
        attempt.c.student, attempt.c.assignment, attempt.c.exercise, attempt.c.content, attempt.c.name,
        attempt.c.submitted_at, attempt.c.place, result.c.rank, judgement.c.id.label("judgement_id"),
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
