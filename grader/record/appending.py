"""Append answers with their results, in a transaction that is the only one that writes: what is there already stays one."""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from grader.record.clock import now
from grader.record.queries import (
    ATTEMPTS,
    CONTENTS,
    JUDGEMENTS,
    RANKS,
    RESULTS,
    SAID,
    WANTED,
    add_attempts,
    add_judgements,
)  # fmt: skip
from grader.record.rows import EARLIER, Judgement, New
from grader.record.schema import content, result

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    import sqlalchemy as sa

    from grader.record.rows import Earlier

__all__ = ["PART", "append", "append_earlier", "digest_of", "in_parts"]

PART = 500
"""How many values a statement is given at most."""
_SMALLEST_WINDOW, _MEMORY = 9, 5
"""Of zlib: the least power of two, and how much is kept beside the window (its default is 8)."""
_Key = TypeVar("_Key")


def digest_of(data: bytes) -> str:
    """The name of what was handed in."""
    return hashlib.sha256(data).hexdigest()


def in_parts(values: Iterable[_Key], most: int = PART) -> Iterator[list[_Key]]:
    """All values, so many at a time, or as many as a statement may be given."""
    every = list(values)
    for start in range(0, len(every), most):
        yield every[start : start + most]


def append(connection: sa.Connection, run: int, answers: Sequence[New]) -> None:
    """Record answers in order. Nothing is added for one that counts already, or that is what was found last."""
    contents = _contents(connection, answers)
    rows = [_attempt_row(answer, contents.get(id(answer.data)), answer.place) for answer in answers]
    digests = [_digest_of(row) for row in rows]
    attempts = _attempts(connection, run, dict(zip(digests, rows, strict=True)))
    at = now()
    known = _judgements(connection, answers, at)
    before = _earlier(connection, {answer.student for answer in answers})
    added = []
    for answer, name in zip(answers, digests, strict=True):
        own = attempts[name]
        earlier = before[answer.student, answer.assignment, answer.exercise]
        number, rank = _judged(connection, answer, own, earlier, known, at)
        one = _Result(own, number, rank if answer.rank is None else answer.rank)
        if not earlier.has(one):
            earlier.add(one)
            added.append({"attempt": one.attempt, "judgement": one.judgement, "run": run, "rank": one.rank, "at": at})
    if added:
        connection.execute(result.insert(), added)  # one after the other: their numbers tell the order


def append_earlier(
    connection: sa.Connection, run: int, attempts: Sequence[Earlier], read: Callable[[str], bytes | None]
) -> None:
    """Record attempts in their order; `read` gives the content of those that are new, or None where it is lost."""
    wanted = {_digest_of(row): row for row in (_attempt_row(one, one.content, "") for one in attempts)}
    known = dict(_existing(connection, ATTEMPTS, wanted.keys()))
    missing: list[dict[str, Any]] = [
        {"digest": name, "run": run} | row for name, row in wanted.items() if name not in known
    ]
    if not missing:
        return
    hashes = {row["content"] for row in missing}
    there = set(dict(_existing(connection, CONTENTS, hashes)))
    for name in sorted(hashes - there):
        data = read(name)
        if data is not None:
            there.add(name)
            connection.execute(content.insert().values(hash=name, size=len(data), data=_compressed(data)))
    kept = [row for row in missing if row["content"] in there]
    if kept:
        connection.execute(add_attempts(connection.dialect.name), kept)


def _attempt_row(one: New | Earlier, content: str | None, place: str) -> dict[str, Any]:
    """What tells an attempt from others, in the order in which its digest is made of it."""
    return {
        "student": one.student, "assignment": one.assignment, "exercise": one.exercise, "content": content,
        "name": one.name, "submitted_at": one.submitted_at, "place": place, "said_by": one.by,
    }  # fmt: skip


def _digest_of(row: dict[str, Any]) -> str:
    """The hash of an attempt's row. Who said when is in it only where that was a service, or Canvas's flag, whose word is better."""
    *values, by = row.values()
    return digest_of(msgspec.json.encode([*values, by] if by in {"service", "canvas"} else values))


class _Result(msgspec.Struct, frozen=True):
    """What a row of `result` says."""

    attempt: int
    judgement: int
    rank: int


class _Earlier(msgspec.Struct):
    """The earlier results of one student and exercise, as far as they matter: what counts, and what came last."""

    worth_a_look: list[_Result] = []
    of_earlier: set[_Result] = set()

    def has(self, one: _Result) -> bool:
        """Whether nothing is to be added for it."""
        return one in (self.of_earlier if one.rank == EARLIER else self.worth_a_look)

    def add(self, one: _Result) -> None:
        """Take the next one, in the order in which they were recorded."""
        if one.rank == EARLIER:
            self.of_earlier.add(one)
            return
        counts = self.worth_a_look[0] if self.worth_a_look else one
        self.worth_a_look = [one] if one.rank >= counts.rank else [counts, one]


def _existing(connection: sa.Connection, asked: sa.Select[Any], wanted: Collection[Any]) -> Iterator[Any]:
    """The rows that there are, by a column's values."""
    for part in in_parts(wanted):
        yield from connection.execute(asked, {WANTED: part}).all()


def _contents(connection: sa.Connection, answers: Sequence[New]) -> dict[int, str]:
    """The name of each answer's data, by the data's identity: a notebook for a whole assignment is hashed once."""
    data = {id(answer.data): answer.data for answer in answers if answer.data is not None}
    names = {key: digest_of(each) for key, each in data.items()}
    missing = {name: data[key] for key, name in names.items()}
    for name, _ in list(_existing(connection, CONTENTS, missing.keys())):
        del missing[name]
    if missing:
        rows = [{"hash": name, "size": len(each), "data": _compressed(each)} for name, each in missing.items()]
        connection.execute(content.insert(), rows)
    return names


def _compressed(data: bytes) -> bytes:
    """For `zlib.decompress`. Most programs are small: a window of 32 KiB for them would cost more than the compression."""
    window = min(max(len(data).bit_length(), _SMALLEST_WINDOW), zlib.MAX_WBITS)
    compressor = zlib.compressobj(wbits=window, memLevel=_MEMORY)
    return compressor.compress(data) + compressor.flush()


def _attempts(connection: sa.Connection, run: int, wanted: dict[str, dict[str, Any]]) -> dict[str, int]:
    """The number of each attempt, by its digest; added where it is new."""
    # Most are new.
    rows = [{"digest": name, "run": run} | row for name, row in wanted.items()]
    found: dict[str, int] = {}
    if rows:
        found |= dict(connection.execute(add_attempts(connection.dialect.name), rows).all())
    found |= dict(_existing(connection, ATTEMPTS, wanted.keys() - found.keys()))
    return found


_Known = dict["str | int", "tuple[int, int]"]
"""Number and rank of judgements, by identity or by number."""


def _judgements(connection: sa.Connection, answers: Sequence[New], at: str) -> _Known:
    """The judgements that have an identity, added where they are new, and those that are named by their number."""
    identified = {
        answer.judgement.identity: answer.judgement
        for answer in answers
        if isinstance(answer.judgement, Judgement) and answer.judgement.identity
    }
    rows = [_judgement_row(one, at) for one in identified.values()]
    added = connection.execute(add_judgements(connection.dialect.name), rows).all() if rows else []
    known: _Known = {name: (number, rank) for name, number, rank in added}
    there = _existing(connection, JUDGEMENTS, identified.keys() - known.keys())
    known |= {name: (number, rank) for name, number, rank in there}
    numbers = {answer.judgement for answer in answers if isinstance(answer.judgement, int)}
    known |= {number: (number, rank) for number, rank in _existing(connection, RANKS, numbers)}
    return known


def _judgement_row(one: Judgement, at: str) -> dict[str, Any]:
    return {
        "identity": one.identity, "key": one.provenance.key, "grader": one.provenance.grader, "program": one.program,
        "verdict": one.result.verdict.value, "score": one.result.score, "max_score": one.result.max_score,
        "misconceptions": ";".join(one.result.misconceptions),
        "rank": one.rank, "waits": bool(one.result.not_searched), "at": at,
        "provenance": msgspec.json.encode(one.provenance).decode(),
        "result": msgspec.json.encode(one.result).decode(), "written": any(check.kept for check in one.result.checks),
    }  # fmt: skip


def _earlier(connection: sa.Connection, students: Collection[str]) -> dict[tuple[str, str, str], _Earlier]:
    found: dict[tuple[str, str, str], _Earlier] = defaultdict(_Earlier)
    for student, assignment, exercise, *row in _existing(connection, RESULTS, students):
        found[student, assignment, exercise].add(_Result(*row))
    return found


def _judged(  # noqa: PLR0913
    connection: sa.Connection, answer: New, own: int, earlier: _Earlier, known: _Known, at: str
) -> tuple[int, int]:
    """Number and rank of an answer's judgement; a new one where it has no identity, and is not the same once more."""
    one = answer.judgement
    if not isinstance(one, Judgement):
        return known[one]
    if one.identity:
        return known[one.identity]
    row = _judgement_row(one, at)
    for each in earlier.worth_a_look:
        if each.attempt == own:
            ((_, *said),) = _existing(connection, SAID, [each.judgement])
            if said == [row["program"], row["provenance"], row["result"]]:
                return each.judgement, one.rank
    ((_, number, rank),) = connection.execute(add_judgements(connection.dialect.name), [row]).all()
    return number, rank
