"""What was handed in and what came of it, over a term: appended, asked, never changed."""

from __future__ import annotations

import threading
import time
import zlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Self

import msgspec
import sqlalchemy as sa

from grader.grading.provenance import exact_version
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.record.appending import PART, append, append_earlier, digest_of, in_parts
from grader.record.clock import now, who
from grader.record.queries import (
    CONTENTS,
    DATA,
    ENTRIES,
    EVENTS,
    HANDED_IN,
    IDENTITIES,
    JUDGEMENTS,
    NUMBERS,
    PASSED_OVER,
    POSSIBLE,
    TRIED,
    WANTED,
    chosen,
)
from grader.record.rows import NOTHING_FOUND, Act, Entry, Event, Judged, Known, Newest, PassedOver, Run, Tried, state_of
from grader.record.schema import (
    act,
    altered,
    answer_key,
    attempt,
    compiled,
    edit,
    result,
    run,
)  # fmt: skip
from grader.reports.report import Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from grader.record.database import Database
    from grader.record.rows import Earlier, New

__all__ = ["TOGETHER", "Record"]

TOGETHER = 0.2
"""How many seconds a report waits at most for others to be written with it."""
_SOON = 0.75 * TOGETHER
"""After how many they are written by who asks in time. What a timer's thread writes takes longer beside one that computes: it waits
for the interpreter after each statement."""

_SMALL = 2**16
"""How many bytes of what was handed in are kept in memory until its page is made."""


class Record:
    """A course's record: see `open_record`. To be used from one thread; every method may raise UsageError."""

    def __init__(self, database: Database) -> None:
        """Of a database that has been prepared."""
        self._database = database
        self._run: int | None = None
        self._writing = threading.Lock()
        self._waiting: list[Sequence[New]] = []
        self._since = 0.0
        self._timer: threading.Timer | None = None
        self._failure: BaseException | None = None
        self._just_written: Mapping[str, bytes] = {}
        """What was handed in, of the answers written last: pages are made of it next."""

    @property
    def name(self) -> str:
        """Where it is, as it may be printed."""
        return self._database.name

    def __enter__(self) -> Self:
        """Close it at the end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Write what waits, also after an error elsewhere: what was graded is right."""
        self.close()

    # What is added.

    def begin_run(self, command: str, submitted: str) -> int:
        """Begin a run: what is added from now on is its; its number."""
        row = run.insert().values(at=now(), who=who(), command=command, submitted=submitted, grader=exact_version())
        with self._database.writing() as connection:
            added = connection.execute(row).inserted_primary_key
        self._run = int(added[0]) if added else 0
        return self._run

    def add(self, report: Sequence[New]) -> None:
        """Add the answers of one student's assignment, which are written together, at most 0.2 s later.

        `begin_run` comes first. What could not be written is said by the next call.
        """
        if self._run is None:
            raise RuntimeError("a run is begun before anything is added to it")
        with self._writing:
            self._raise_failure()
            if self._waiting and time.monotonic() - self._since >= TOGETHER:
                self._write()  # the timer may be late
            if not self._waiting:
                self._since = time.monotonic()
            self._waiting.append(report)
            if self._timer is None:
                self._timer = threading.Timer(TOGETHER, self._write_in_time)
                self._timer.daemon = True
                self._timer.start()

    def flush_in_time(self) -> None:
        """Write what has waited for nearly as long as it may."""
        with self._writing:
            self._raise_failure()
            if self._waiting and time.monotonic() - self._since >= _SOON:
                self._write()

    def flush(self) -> None:
        """Write what waits."""
        with self._writing:
            self._raise_failure()
            self._write()

    def settle(self) -> None:
        """Write what waits, and wait until all of it is on the disk."""
        self.flush()
        self._database.settle()

    def close(self) -> None:
        """Write what waits, and let go of the database."""
        try:
            self.flush()
        finally:
            self._database.close()

    def _write_in_time(self) -> None:
        with self._writing:
            try:
                self._write()
            except BaseException as error:  # noqa: BLE001  raised in the thread that uses the record
                self._failure = error

    def _write(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._waiting or self._run is None:
            return
        try:
            # What a power cut takes is judged again.
            with self._database.writing(lasting=False) as connection:
                append(connection, self._run, [answer for report in self._waiting for answer in report])
            self._just_written = _contents_of(self._waiting)
        except Exception:
            self._waiting = []  # it is graded again by the next run; to try once more could take as long again
            raise
        self._waiting = []

    def _raise_failure(self) -> None:
        """Say once what has gone wrong in the timer's thread."""
        if self._failure:
            failure, self._failure = self._failure, None
            raise failure

    def keep(self, attempts: Sequence[Earlier], read: Callable[[str], bytes | None]) -> None:
        """Keep what was handed in before what is graded, in its order, as the run's that has begun.

        `read` gives the content with a hash, and is asked for what is not there yet alone.
        """
        if self._run is None:
            raise RuntimeError("a run is begun before anything is added to it")
        self.flush()
        with self._database.writing() as connection:
            append_earlier(connection, self._run, attempts, read)

    def add_edit(self, judgement_id: int, found: ExerciseResult) -> None:
        """Add what a search has found out about a judged program; the first one says it."""
        self.flush()
        with self._database.writing() as connection:
            if not connection.execute(sa.select(edit.c.id).where(edit.c.judgement == judgement_id)).first():
                text = msgspec.json.encode(found).decode()
                connection.execute(edit.insert().values(judgement=judgement_id, result=text, at=now()))

    def act(self, kind: str, why: str, details: Mapping[str, Any]) -> None:
        """Add what a person decided; where a run has begun, it is what that run is about."""
        text = msgspec.json.encode(dict(details)).decode()
        row = act.insert().values(at=now(), who=who(), why=why, kind=kind, run=self._run, details=text)
        with self._database.writing() as connection:
            connection.execute(row)

    def remember_compiled(self, sources: str, exercise: str, key_hash: str, key: bytes) -> None:
        """Keep a key, and what it was compiled from."""
        with self._database.writing() as connection:
            if not connection.execute(sa.select(answer_key.c.hash).where(answer_key.c.hash == key_hash)).first():
                row = answer_key.insert().values(hash=key_hash, exercise=exercise, data=zlib.compress(key))
                connection.execute(row)
            if not connection.execute(sa.select(compiled.c.key).where(compiled.c.sources == sources)).first():
                connection.execute(compiled.insert().values(sources=sources, exercise=exercise, key=key_hash))

    def remember_altered(self, key_hash: str, function: str, data: bytes) -> None:
        """Keep what a function's formulas give on altered inputs."""
        whose = (altered.c.key == key_hash) & (altered.c.function == function)
        with self._database.writing() as connection:
            if not connection.execute(sa.select(altered.c.key).where(whose)).first():
                row = altered.insert().values(key=key_hash, function=function, data=zlib.compress(data))
                connection.execute(row)

    # What is asked.

    @property
    def students(self) -> frozenset[str]:
        """The students that there is something of."""
        return frozenset(row[0] for row in self._rows(sa.select(attempt.c.student).distinct()))

    def reports(self) -> set[tuple[str, str]]:
        """The students and assignments that there is something of."""
        rows = self._rows(sa.select(attempt.c.student, attempt.c.assignment).distinct())
        return {(each.student, each.assignment) for each in rows}

    def entries(self, student: str = "", assignment: str = "", exercises: Collection[str] = ()) -> Iterator[Entry]:
        """The current results, by student, assignment and exercise; all, or one student's, one assignment's, some exercises'.

        They are those at the time of the call, and are read as they are asked for.
        """
        values = {"student": student, "assignment": assignment, WANTED: list(exercises)}
        wanted = chosen(student=bool(student), assignment=bool(assignment), exercises=bool(exercises))
        # Sorted here: a server's order may be its language's.
        return self._entries([row[3] for row in sorted(map(tuple, self._rows(wanted, values)))])

    def results(self, numbers: Sequence[int]) -> Iterator[Entry]:
        """The results of these numbers, read as they are asked for."""
        self.flush()
        return self._entries(numbers)

    def _entries(self, numbers: Sequence[int]) -> Iterator[Entry]:
        for part in in_parts(numbers):
            found = {row.result_id: row for row in self._rows(ENTRIES, {WANTED: part})}
            yield from (_entry(found[number]) for number in part)

    def entry(self, student: str, assignment: str, exercise: str) -> Entry | None:
        """The current result of one student and exercise."""
        return next(self.entries(student, assignment, (exercise,)), None)

    def last_attempt(self, student: str, assignment: str, exercise: str) -> Entry | None:
        """The result of what was handed in last, also where it could not be judged and so does not count."""
        whose = (attempt.c.student == student) & (attempt.c.assignment == assignment) & (attempt.c.exercise == exercise)
        wanted = sa.select(result.c.id).join(attempt, attempt.c.id == result.c.attempt).where(whose)
        rows = self._rows(wanted.order_by((result.c.rank > NOTHING_FOUND).desc(), result.c.id.desc()).limit(1))
        return next(self._entries([row.id for row in rows]), None)

    def identities(self) -> dict[tuple[str, str, str], Known]:
        """What decides whether anything has changed, of all current results; no result is read for it."""
        known: dict[tuple[str, str, str], Known] = {}
        texts: dict[Any, Any] = {}  # most are the same for many, and are kept once
        for row in self._each(IDENTITIES):
            student, assignment, exercise, *rest = [
                texts.setdefault(each, each) if isinstance(each, str) else each for each in row
            ]
            known[student, assignment, exercise] = Known(*rest)
        return known

    def states(self) -> dict[tuple[str, str], int]:
        """What each report consists of, as `state_of` has it."""
        found: dict[tuple[str, str], int] = defaultdict(int)
        for student, assignment, number, waits in self._each(NUMBERS):
            found[student, assignment] ^= state_of([(number, bool(waits))])
        return found

    @property
    def waits(self) -> bool:
        """Whether something that was added is not written yet."""
        return bool(self._waiting)

    def judged(self, identities: Collection[str]) -> dict[str, Judged]:
        """What judgements there are, by their identity: of anybody's program, and of any time; not what waits."""
        found: dict[str, Judged] = {}
        for part in in_parts(identities):
            rows = self._written_rows(JUDGEMENTS, {WANTED: part})
            found |= {identity: Judged(number, rank) for identity, number, rank in rows}
        return found

    def tried(self, students: Collection[str]) -> list[Tried]:
        """The attempts of some students that were judged, with the best that came of each; no result is read.

        In the order of their results. What counts without any rule is among them, where that is another result of an attempt.
        """
        rows = [row for part in in_parts(students) for row in self._rows(TRIED, {WANTED: part})]
        counts = {row.id: row.result_id for row in rows if row.counts == 1}
        # Of an attempt that counts only the result that does: a later one may have come of it when it no longer did.
        return [_tried(row, counts) for row in rows if counts.get(row.id, row.result_id) == row.result_id]

    def possible(self) -> dict[tuple[str, str], float]:
        """The points of each exercise that anybody was graded for, by assignment and exercise: those of the newest checks."""
        return {(row[0], row[1]): row[2] for row in self._rows(POSSIBLE)}

    def handed_in(self) -> list[tuple[str, str, int]]:
        """How many answers to each assignment were handed in on each day."""
        return [(row[0], row[1], row[2]) for row in self._rows(HANDED_IN)]

    def passed_over(self) -> list[PassedOver]:
        """The last results of those answers of which an earlier one counts."""
        return [PassedOver(*row) for row in self._rows(PASSED_OVER)]

    def content(self, name: str) -> bytes:
        """What was handed in, by its hash. Raises KeyError for one that is not here."""
        return self.contents([name])[name]

    def contents(self, names: Collection[str]) -> dict[str, bytes]:
        """What was handed in, by these hashes; those that are not here are left out."""
        found = {name: data for name in names if (data := self._just_written.get(name)) is not None}
        missing = [name for name in names if name not in found]
        rows = [row for part in in_parts(missing) for row in self._rows(DATA, {WANTED: part})]
        return found | {name: zlib.decompress(data) for name, data in rows}

    def has_contents(self, names: Collection[str]) -> set[str]:
        """Which of these hashes are of what was handed in."""
        return {row[0] for part in in_parts(names) for row in self._rows(CONTENTS, {WANTED: part})}

    def key(self, name: str) -> bytes | None:
        """An encoded answer key, by its hash."""
        rows = self._written_rows(sa.select(answer_key.c.data).where(answer_key.c.hash == name))
        return zlib.decompress(rows[0][0]) if rows else None

    def key_of(self, sources: str) -> str | None:
        """The hash of the key that a state of the course's sources compiles to, where it is known."""
        rows = self._written_rows(sa.select(compiled.c.key).where(compiled.c.sources == sources))
        return rows[0][0] if rows else None

    def altered(self, key_hash: str, function: str) -> bytes | None:
        """What a function's formulas give on altered inputs, where it is known."""
        whose = (altered.c.key == key_hash) & (altered.c.function == function)
        rows = self._rows(sa.select(altered.c.data).where(whose))
        return zlib.decompress(rows[0][0]) if rows else None

    def last_run(self) -> Run | None:
        """The last run that read submissions."""
        rows = self._rows(sa.select(run).where(run.c.submitted != "").order_by(run.c.id.desc()).limit(1))
        return _run(rows[0]) if rows else None

    def history(self, student: str) -> list[Event]:
        """All results of a student, in the order in which they were recorded."""
        rows = self._rows(EVENTS, {WANTED: [student]})
        runs = {row.id: _run(row) for row in self._rows(sa.select(run))}
        acts = {found.run: found for found in self.acts() if found.run is not None}
        return [
            Event(
                assignment=row.assignment, exercise=row.exercise, at=row.at, run=runs[row.run], act=acts.get(row.run),
                content=row.content, name=row.name, submitted_at=row.submitted_at, place=row.place,
                verdict=Verdict(row.verdict), score=row.score, max_score=row.max_score, key=row.key, grader=row.grader,
                rank=row.rank, edited_at=row.edited_at or "",
                judgement_id=row.judgement_id, result_id=row.result_id,
            )
            for row in rows
        ]  # fmt: skip

    def acts(self) -> list[Act]:
        """What people decided, in the order in which they did."""
        rows = self._rows(sa.select(act).order_by(act.c.id))
        return [
            Act(
                id=row.id, at=row.at, who=row.who, why=row.why, kind=row.kind, run=row.run,
                details=msgspec.json.decode(row.details),
            )
            for row in rows
        ]  # fmt: skip

    def newest(self) -> Newest:
        """How far the record has grown."""
        tables = (result, edit, act)
        last = [sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)).scalar_subquery() for table in tables]
        return Newest(*self._rows(sa.select(*last))[0])

    def changed_since(self, before: Newest) -> set[tuple[str, str]]:
        """The students and assignments of which there is a result, or what a search found, that is newer."""
        whose = sa.select(attempt.c.student, attempt.c.assignment).distinct()
        results = whose.join(result, result.c.attempt == attempt.c.id).where(result.c.id > before.result)
        edits = (
            whose.join(result, result.c.attempt == attempt.c.id)
            .join(edit, edit.c.judgement == result.c.judgement)
            .where(edit.c.id > before.edit)
        )
        return {(row[0], row[1]) for each in (results, edits) for row in self._rows(each)}

    def _each(self, wanted: sa.Select[Any]) -> Iterator[Any]:
        """The rows of all that there is, as they are asked for."""
        self.flush()
        with self._database.reading() as connection:
            yield from connection.execution_options(yield_per=PART).execute(wanted)

    def _rows(self, wanted: sa.Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        self.flush()
        return self._written_rows(wanted, values)

    def _written_rows(self, wanted: sa.Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        with self._database.reading() as connection:
            return connection.execute(wanted, values).all()


def _contents_of(reports: Iterable[Sequence[New]]) -> dict[str, bytes]:
    """What was handed in for these, by its hash, as far as it is small."""
    data = {id(each.data): each.data for answers in reports for each in answers if each.data is not None}
    return {digest_of(each): each for each in data.values() if len(each) <= _SMALL}


def _run(row: sa.Row[Any]) -> Run:
    return Run(id=row.id, at=row.at, who=row.who, command=row.command, submitted=row.submitted, grader=row.grader)


def _entry(row: sa.Row[Any]) -> Entry:
    judged = msgspec.json.decode(row.judged, type=ExerciseResult)
    return Entry(
        student=row.student, assignment=row.assignment, exercise=row.exercise, content=row.content, name=row.name,
        submitted_at=row.submitted_at, by=row.said_by, place=row.place,
        result=msgspec.json.decode(row.edited, type=ExerciseResult) if row.edited else judged, judged=judged,
        provenance=msgspec.json.decode(row.provenance, type=Provenance), program=row.program, identity=row.identity,
        waits=bool(row.waits), rank=row.rank, judgement_id=row.judgement_id, result_id=row.result_id,
    )  # fmt: skip


def _tried(row: sa.Row[Any], counts: Mapping[int, int]) -> Tried:
    return Tried(
        student=row.student, assignment=row.assignment, exercise=row.exercise, attempt=row.id, content=row.content, name=row.name,
        submitted_at=row.submitted_at, by=row.said_by, rank=row.rank, result_id=row.result_id, verdict=Verdict(row.verdict),
        score=row.score, max_score=row.max_score, misconceptions=tuple(filter(None, row.misconceptions.split(";"))),
        written=bool(row.written), current=row.id in counts,
    )  # fmt: skip
