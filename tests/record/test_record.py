"""What is recorded is read as it was given, once, and nothing of it is ever changed; on both kinds of databases."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.judging.verdicts import Verdict
from grader.record import record as record_module
from grader.record.appending import append, digest_of
from grader.record.database import Database
from grader.record.opening import open_record, rename_record
from grader.record.record import TOGETHER
from grader.record.rows import JUDGED, NOT_JUDGED, NOTHING_FOUND, Earlier, Newest
from grader.record.schema import HEAD, VERSIONS, metadata
from grader.record.upgrading import known_versions, upgrade
from recorded import TITLE, judgement, new

NOTHING: dict[str, Any] = {"data": None, "name": "", "submitted_at": ""}


def rows(place: str, table: str) -> list[Any]:
    """All that is in a table."""
    database = Database(place)
    with contextlib.closing(database), database.reading() as connection:
        return list(connection.execute(sa.text(f"SELECT * FROM {table}")))  # noqa: S608


def count(place: str, table: str) -> int:
    """How many rows a table has."""
    return len(rows(place, table))


def current(record) -> dict[str, tuple[Verdict, float]]:
    """What counts, by student."""
    return {entry.student: (entry.result.verdict, entry.result.score) for entry in record.entries()}


def test_a_result_is_read_as_it_was_given(record) -> None:
    """To the last bit of a number, and with every character that JSON can say."""
    score = 0.1 + 0.2
    one = judgement(points=score, identity="i", notes=("naïve \0 ∂ \U0001f600",), fault="line\nline")
    record.add([new("zoë ∂", b"\0\xff" * 9, one, place="from ∂.py")])
    (entry,) = record.entries()
    assert (entry.student, entry.result, entry.provenance, entry.program, entry.identity) == (
        "zoë ∂", one.result, one.provenance, "p", "i",
    )  # fmt: skip
    assert entry.result.score == score
    assert record.content(entry.content) == b"\0\xff" * 9
    report = entry.report()
    assert (report.place, report.submitted_at, report.checks) == ("from ∂.py", entry.submitted_at, one.result.checks)


def test_the_same_content_is_stored_once(record, place) -> None:
    """Of whoever it is, and in whichever assignment."""
    data = b"def sigmoid(z): ...\n" * 100
    record.add([new("ada", data), new("ada", data, exercise="relu"), new("bob", bytes(bytearray(data)))])
    record.add([new("cyd", b"other")])
    record.flush()
    assert count(place, "content") == 2
    assert count(place, "attempt") == 4
    assert record.students == {"ada", "bob", "cyd"}


def test_adding_what_is_there_adds_nothing(record, place) -> None:
    """With an identity, by the number of a judgement, and for results that are never used again but are the same."""
    judged = [new(of=judgement(identity="i")), new(exercise="relu", of=judgement(Verdict.JUDGE_ERROR))]
    for _ in range(2):
        record.add(judged)
        record.flush()
    entry = record.entry("ada", "backprop", "sigmoid")
    record.add([new(of=entry.judgement_id)])
    record.flush()
    assert (count(place, "result"), count(place, "judgement"), count(place, "attempt")) == (2, 2, 2)


def test_a_judgement_serves_everybody_with_the_same_program(record, place) -> None:
    record.add([new("ada", of=judgement(points=2.0, verdict=Verdict.ACCEPTED, identity="i"))])
    record.flush()
    known = record.judged(["i", "j"])
    assert known.keys() == {"i"}
    record.add([new("bob", of=known["i"].number)])
    assert current(record) == {"ada": (Verdict.ACCEPTED, 2.0), "bob": (Verdict.ACCEPTED, 2.0)}
    assert count(place, "judgement") == 1


def test_a_new_answer_counts_and_the_earlier_one_stays_in_the_history(record) -> None:
    record.add([new(data=b"1", of=judgement(points=2.0, verdict=Verdict.ACCEPTED, identity="a"))])
    record.add([new(data=b"2", of=judgement(identity="b"), submitted_at="2026-02-02T00:00:00Z")])
    assert current(record) == {"ada": (Verdict.WRONG_ANSWER, 0.0)}
    counts = {known.result_id for known in record.identities().values()}
    assert [(event.score, event.result_id in counts) for event in record.history("ada")] == [(2.0, False), (0.0, True)]


def test_of_an_answer_that_is_known_canvas_flag_is_taken_in_once(record) -> None:
    """A record of an earlier version has the download's word alone."""
    for by in ("download", "canvas", "canvas"):
        record.add([new(of=judgement(identity="a"), by=by)])
    record.flush()
    assert [known.by for known in record.identities().values()] == ["canvas"]
    assert len(record.history("ada")) == 2


def test_an_earlier_answer_that_is_handed_in_again_counts_again(record) -> None:
    """Though content, time and judgement are all known."""
    first, second = new(data=b"1", of=judgement(points=1.0, identity="a")), new(data=b"2", of=judgement(identity="b"))
    for answer in (first, second, first):
        record.add([answer])
    assert current(record) == {"ada": (Verdict.WRONG_ANSWER, 1.0)}
    assert [event.score for event in record.history("ada")] == [1.0, 0.0, 1.0]


def test_what_is_not_found_or_not_judged_never_replaces_what_was_judged(record) -> None:
    record.add([new(of=judgement(points=1.0, identity="a"))])
    record.add([new(of=judgement(Verdict.JUDGE_ERROR))])
    record.add([new(of=judgement(Verdict.NOT_ATTEMPTED, identity="none"), **NOTHING)])
    assert current(record) == {"ada": (Verdict.WRONG_ANSWER, 1.0)}
    assert [event.rank for event in record.history("ada")] == [JUDGED, NOT_JUDGED, NOTHING_FOUND]


def test_what_is_not_found_does_not_replace_what_could_not_be_judged(record) -> None:
    record.add([new(of=judgement(Verdict.JUDGE_ERROR))])
    record.add([new(of=judgement(Verdict.NOT_ATTEMPTED, identity="none"), **NOTHING)])
    assert current(record) == {"ada": (Verdict.JUDGE_ERROR, 0.0)}
    record.add([new(of=judgement(points=2.0, identity="a"))])
    assert current(record) == {"ada": (Verdict.WRONG_ANSWER, 2.0)}


def test_what_came_last_and_does_not_count_is_known_and_how_much_came_on_each_day(record) -> None:
    """For an instructor to look at: of each answer the last result alone, and no attempt without a file."""
    record.add([new(of=judgement(points=1.0, identity="a"))])
    record.add([new("bob", of=judgement(Verdict.JUDGE_ERROR))])
    assert record.passed_over() == []
    record.add([new(data=b"2", of=judgement(Verdict.JUDGE_ERROR), submitted_at="2026-01-03T00:00:00Z")])
    record.add([new("bob", of=judgement(Verdict.NOT_ATTEMPTED, identity="none"), **NOTHING)])
    assert [(each.student, each.exercise, each.rank) for each in record.passed_over()] == [
        ("ada", "sigmoid", NOT_JUDGED), ("bob", "sigmoid", NOTHING_FOUND),
    ]  # fmt: skip
    assert sorted(record.handed_in()) == [("backprop", "2026-01-02", 2), ("backprop", "2026-01-03", 1)]
    record.add([new(data=b"3", of=judgement(points=2.0, identity="c"))])
    assert [each.student for each in record.passed_over()] == ["bob"]


def test_a_forced_zero_replaces_and_is_replaced(record, place) -> None:
    missing = new(of=judgement(Verdict.NOT_ATTEMPTED, identity="none"), **NOTHING)
    record.add([new(of=judgement(points=1.0, identity="a"))])
    record.add([missing])
    assert current(record)["ada"] == (Verdict.WRONG_ANSWER, 1.0)
    for _ in range(2):
        record.add([new(of=judgement(Verdict.NOT_ATTEMPTED, identity="none"), rank=JUDGED, **NOTHING)])
        assert current(record)["ada"] == (Verdict.NOT_ATTEMPTED, 0.0)
    record.add([new(data=b"late", of=judgement(points=2.0, identity="b"))])
    assert current(record)["ada"] == (Verdict.WRONG_ANSWER, 2.0)
    assert count(place, "result") == 4


def test_nothing_found_again_and_again_is_recorded_once(record, place) -> None:
    """Also where an earlier score stays, so that it is never what counts."""
    record.add([new(of=judgement(points=1.0, identity="a"))])
    for _ in range(3):
        record.add([new(of=judgement(Verdict.NOT_ATTEMPTED, identity="none"), **NOTHING)])
        record.flush()
    assert count(place, "result") == 2


def test_entries_are_in_order_and_can_be_chosen(record) -> None:
    """By student, assignment and exercise, in the order of their characters' numbers on either database."""
    names = ["Zoe", "ada", "Österberg", "_x", "Ada"]
    for name in names:
        record.add([new(name, exercise=exercise, assignment=a) for a in ("b", "a") for exercise in ("y", "x")])
    found = [(entry.student, entry.assignment, entry.exercise) for entry in record.entries()]
    assert found == sorted(found)
    assert len(found) == 4 * len(names)
    assert {entry.student for entry in record.entries("ada")} == {"ada"}
    assert [(e.assignment, e.exercise) for e in record.entries("ada", "b", ("x", "z"))] == [("b", "x")]
    assert record.entry("ada", "b", "x").exercise == "x"
    assert record.entry("ada", "b", "z") is None


def test_entries_can_be_read_while_others_are_added(record) -> None:
    """They are those at the time of the call, more of them than are read at a time."""
    record.add([new(f"s{number:03}", of=judgement(identity=str(number))) for number in range(450)])
    seen = []
    for entry in record.entries():
        seen.append(entry.student)
        if len(seen) % 100 == 0:
            record.add([new(f"t{len(seen)}", of=judgement(identity="t"))])
            record.add_edit(entry.judgement_id, entry.result)
    assert seen == [f"s{number:03}" for number in range(450)]
    assert len(record.identities()) == 454


def test_whether_anything_has_changed_is_known_without_reading_a_result(record, statements) -> None:
    record.add([new(of=judgement(identity="i", key="k", not_searched="later"), place="here"), new("bob", **NOTHING)])
    record.flush()
    statements.clear()
    known = record.identities()
    read = [each for each in statements if each.startswith("SELECT")]
    assert read
    assert not [each for each in read if "judgement.result" in each or "provenance" in each or "content.data" in each]
    one = known["ada", "backprop", "sigmoid"]
    assert (one.identity, one.key, one.grader, one.rank, one.waits, one.place) == (
        "i",
        "k",
        "1.0+0",
        JUDGED,
        True,
        "here",
    )
    assert known["bob", "backprop", "sigmoid"].content is None


def test_what_a_search_finds_stands_beside_the_result(record, place) -> None:
    """The first to find it says it, and from then on nothing waits."""
    record.add([new(of=judgement(identity="i", not_searched="later"))])
    (before,) = record.entries()
    assert before.waits
    for sentence in ("line 3: an axis", "another"):
        record.add_edit(before.judgement_id, judgement(notes=(sentence,)).result)
    (after,) = record.entries()
    assert (after.result.notes, after.waits) == (("line 3: an axis",), False)
    assert (after.result_id, after.judgement_id) == (before.result_id, before.judgement_id)
    assert not record.identities()["ada", "backprop", "sigmoid"].waits
    assert record.history("ada")[0].edited_at
    assert count(place, "edit") == 1


def test_what_is_newer_than_a_moment_is_known(record) -> None:
    assert record.changed_since(Newest(0, 0, 0)) == set()
    record.add([new("ada", of=judgement(identity="i")), new("bob", of=judgement(identity="i"))])
    first = record.newest()
    assert record.changed_since(Newest(0, 0, 0)) == {("ada", "backprop"), ("bob", "backprop")}
    assert record.changed_since(first) == set()
    record.add([new("bob", data=b"2", assignment="jacobians", of=judgement(identity="j"))])
    assert record.changed_since(first) == {("bob", "jacobians")}
    second = record.newest()
    record.add_edit(record.judged(["i"])["i"].number, judgement().result)
    assert record.changed_since(second) == {("ada", "backprop"), ("bob", "backprop")}


def test_keys_are_kept_by_what_they_were_compiled_from(record, place) -> None:
    """Two states of the sources that compile to the same key keep one."""
    key = b"{}" * 1000
    for _ in range(2):
        record.remember_compiled("sources 1", "relu", "hash", key)
        record.remember_compiled("sources 2", "relu", "hash", key)
    assert [record.key_of(f"sources {number}") for number in (1, 2, 3)] == ["hash", "hash", None]
    assert (record.key("hash"), record.key("other")) == (key, None)
    assert (count(place, "answer_key"), count(place, "compiled")) == (1, 2)
    for _ in range(2):
        record.remember_altered("hash", "relu", b"altered")
    assert (record.altered("hash", "relu"), record.altered("hash", "other")) == (b"altered", None)


def test_what_was_never_handed_in_has_no_content(record) -> None:
    with pytest.raises(KeyError, match="nobody"):
        record.content("nobody")


def test_the_history_says_who_ran_what_and_what_was_decided(place) -> None:
    """A run, and the act that it carries out; an act without a run is told apart."""
    with open_record(place, TITLE) as record:
        assert record.last_run() is None
        first = record.begin_run("grade", "submitted")
        record.add([new(of=judgement(points=1.0, identity="a"))])
        record.act("missing-is-zero", "term is over", {"assignment": "backprop"})
    with open_record(place, TITLE) as record:
        record.act("note", "no run at all", {})
        second = record.begin_run("record import", "")
        record.add([new(data=b"2", of=judgement(points=2.0, identity="b"))])
        one, two = record.history("ada")
        assert (one.run.id, one.run.command, two.run.id, two.act) == (first, "grade", second, None)
        assert one.act is not None
        assert (one.act.why, one.act.details, one.act.who) == ("term is over", {"assignment": "backprop"}, one.run.who)
        assert [(act.kind, act.run) for act in record.acts()] == [("missing-is-zero", first), ("note", None)]
        last = record.last_run()
        assert last is not None
        assert (last.id, last.submitted) == (first, "submitted")  # the last that read submissions
        assert record.history("bob") == []


def test_nothing_is_added_without_a_run(place) -> None:
    with open_record(place, TITLE) as record, pytest.raises(RuntimeError, match="begun"):
        record.add([new()])


def test_what_can_be_judged_again_is_not_waited_for_on_the_disk_and_all_else_is(place) -> None:
    """Each transaction has its own setting, also after one that had the other."""
    open_record(place, TITLE).close()
    asked = sa.text("PRAGMA synchronous" if "://" not in place else "SHOW synchronous_commit")
    found = []
    database = Database(place)
    with contextlib.closing(database):
        for lasting in (True, False, True):
            with database.writing(lasting=lasting) as connection:
                found.append(connection.execute(asked).scalar_one())
    waits, not_yet = (2, 1) if "://" not in place else ("on", "off")
    assert found == [waits, not_yet, waits]


def test_all_that_was_added_is_on_the_disk_once_it_has_settled(record, place, monkeypatch) -> None:
    """In a file, the log that SQLite writes to; in a server, a commit that is waited for."""
    synced = []
    monkeypatch.setattr("os.fsync", lambda file: synced.append(os.fstat(file).st_ino))
    record.begin_run("grade", "")
    record.add([new()])
    record.settle()
    assert len(list(record.entries())) == 1
    assert synced == ([Path(f"{place}-wal").stat().st_ino] if "://" not in place else [])


def test_a_renamed_course_keeps_its_record(place, statements) -> None:
    """The one thing that is ever updated, and who did it is kept."""
    open_record(place, TITLE).close()
    assert rename_record(place, "Analysis", "the faculty says so") == TITLE
    assert rename_record(place, "Analysis", "once more") == "Analysis"
    with open_record(place, "Analysis") as record:
        (act,) = record.acts()
        assert (act.kind, act.why, act.details) == (
            "rename",
            "the faculty says so",
            {"before": TITLE, "after": "Analysis"},
        )
    assert [each for each in statements if each.startswith("UPDATE")]


def described(connection: sa.Connection) -> dict[str, object]:
    """All that a database has: of each table its columns, keys, indexes and constraints, and each view."""
    inspector = sa.inspect(connection)
    found: dict[str, object] = {}
    for table in inspector.get_table_names():
        columns = [
            (each["name"], str(each["type"]), each["nullable"], each["default"])
            for each in inspector.get_columns(table)
        ]
        found[table] = (
            columns, inspector.get_pk_constraint(table),
            sorted(str(sorted(each.items())) for each in inspector.get_foreign_keys(table)),
            sorted(str(each["column_names"]) for each in inspector.get_indexes(table)),
            sorted(str(each["column_names"]) for each in inspector.get_unique_constraints(table)),
        )  # fmt: skip
    return found | {name: inspector.get_view_definition(name) for name in inspector.get_view_names()}


@pytest.mark.slow
def test_the_migrations_lead_to_what_a_new_record_is(place) -> None:
    """From nothing to the tables that `schema` has, with its view, and to the version that it names."""
    with contextlib.closing(Database(place)) as database:
        with database.writing() as connection:
            upgrade(connection)
        with database.reading() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": VERSIONS})
            assert context.get_current_revision() == HEAD == known_versions()[0]
            assert compare_metadata(context, metadata) == []
            migrated = described(connection)
        with database.writing() as connection:
            connection.execute(sa.text("DROP VIEW current_result"))
            connection.execute(sa.text(f"DROP TABLE {VERSIONS}"))
            metadata.drop_all(connection)
    open_record(place, TITLE).close()
    with contextlib.closing(Database(place)) as database, database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSIONS})
        assert context.get_current_revision() == HEAD
        assert described(connection) == migrated
    assert {"current_result", "attempt", VERSIONS} <= migrated.keys()


def test_what_counts_is_found_by_student_without_reading_the_others(tmp_path) -> None:
    """The view is narrowed before it ranks; how a server does it depends on its statistics."""
    place = tmp_path / "record.sqlite"
    open_record(place, TITLE).close()
    database = Database(place)
    with contextlib.closing(database), database.reading() as connection:
        plan = connection.execute(sa.text("EXPLAIN QUERY PLAN SELECT * FROM current_result WHERE student = 's1'")).all()
    assert any("attempt_whose (student=?)" in str(step) for step in plan), plan


# What is written together.


def test_a_report_is_written_in_time_without_being_asked_for(record, place) -> None:
    """A grader that works for long on the next answer keeps no report for itself."""
    record.add([new(), new(exercise="relu")])
    until = time.monotonic() + 20
    while not (found := count(place, "result")) and time.monotonic() < until:
        time.sleep(0.02)
    assert found == 2


class _NoTimer:
    """In the place of a timer that is late."""

    daemon = False

    def __init__(self, *_: object) -> None:
        pass

    def start(self) -> None:
        pass

    def cancel(self) -> None:
        pass


def test_who_asks_in_time_needs_no_timer(monkeypatch, record) -> None:
    """What has hardly waited waits for more; what has waited for nearly as long as it may is written at once."""
    clock = [0.0]
    monkeypatch.setattr(record_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(record_module, "threading", SimpleNamespace(Timer=_NoTimer))
    record.add([new()])
    clock[0] = TOGETHER / 2
    record.flush_in_time()
    assert record.waits
    clock[0] = 0.9 * TOGETHER
    record.flush_in_time()
    assert not record.waits


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=st.lists(st.tuples(st.floats(0.0, 0.3), st.integers(1, 4)), min_size=1, max_size=12))
def test_no_report_is_split_and_none_waits_with_one_that_is_much_later(monkeypatch, tmp_path, reports) -> None:
    """Whatever the moments at which reports are ready, and however late the timer is."""
    clock = [0.0]
    transactions: list[list[tuple[str, str]]] = []

    def noted(connection, run, answers):
        transactions.append([(answer.student, answer.exercise) for answer in answers])
        return append(connection, run, answers)

    moments: dict[str, float] = {}
    with monkeypatch.context() as patched:
        patched.setattr(record_module, "append", noted)
        patched.setattr(record_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
        patched.setattr(record_module, "threading", SimpleNamespace(Timer=_NoTimer, Lock=threading.Lock))
        with open_record(tmp_path / "record.sqlite", TITLE) as record:
            record.begin_run("grade", "submitted")
            for number, (gap, size) in enumerate(reports):
                clock[0] += gap
                moments[f"s{number}"] = clock[0]
                record.add([new(f"s{number}", exercise=f"e{each}") for each in range(size)])
    expected = [(f"s{number}", f"e{each}") for number, (_, size) in enumerate(reports) for each in range(size)]
    assert [pair for written in transactions for pair in written] == expected
    for written in transactions:
        times = [moments[student] for student, _ in written]
        assert max(times) - min(times) <= TOGETHER
    together = [{student for student, _ in written} for written in transactions]
    assert sum(map(len, together)) == len(reports)


def test_what_was_handed_in_earlier_is_kept_in_order_once_and_counts_for_nothing(record, place) -> None:
    """Content that is lost is no attempt; what is there already is not read again."""
    contents = {digest_of(text): text for text in (b"one", b"two")}
    earlier = [
        Earlier(
            student="ada",
            assignment="backprop",
            exercise="sigmoid",
            content=content,
            name="sigmoid.py",
            submitted_at=at,
        )
        for content, at in zip([*contents, "lost"], ["2026-01-01", "2026-01-02", "2026-01-03"], strict=True)
    ]
    read: list[str] = []

    def content_of(name: str) -> bytes | None:
        read.append(name)
        return contents.get(name)

    for _ in range(2):
        record.keep(earlier, content_of)
    assert [row.submitted_at for row in rows(place, "attempt")] == ["2026-01-01", "2026-01-02"]
    assert sorted(read) == sorted([*contents, "lost", "lost"])
    assert [record.content(name) for name in contents] == [b"one", b"two"]
    assert (list(record.entries()), record.history("ada")) == ([], [])


def test_what_was_handed_in_earlier_is_the_attempt_that_was_judged_then(record, place) -> None:
    record.add([new("ada", b"one")])
    record.flush()
    record.keep(
        [
            Earlier(
                student="ada", assignment="backprop", exercise="sigmoid", content=digest_of(b"one"), name="sigmoid.py",
                submitted_at="2026-01-02T03:04:05Z",
            )
        ],
        lambda _: None,
    )  # fmt: skip
    assert count(place, "attempt") == 1
