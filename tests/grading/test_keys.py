"""Answer keys: compiled once, and kept from one run to the next by what they were compiled from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from grader.building import compiler
from grader.course.course_yml import load_course
from grader.grading.keys import Keys
from grader.judging.answer_key import digest
from grader.wire.values import pack
from one_exercise import make, scalar

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.model import Course

JUDGED = """
def about_two(value, x):
    return None if abs(value - 2) < 1 else "too far"

@check(points=1, judge=about_two)
def judged(rng):
    \"\"\"is about two\"\"\"
    yield 1.0
    yield rng.uniform(0.9, 1.1)

@misconception
def doubled_twice(x):
    \"\"\"You doubled it twice.\"\"\"
    return 4.0 * x
"""


class Store:
    """A record's part in it, in memory."""

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self.kept: dict[str, bytes] = {}
        self.altered_answers: dict[tuple[str, str], bytes] = {}

    def key_of(self, sources: str) -> str | None:
        return self.states.get(sources)

    def key(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def remember_compiled(self, sources: str, exercise: str, key_hash: str, key: bytes) -> None:
        assert exercise == "gate"
        self.states[sources], self.kept[key_hash] = key_hash, key

    def altered(self, key_hash: str, function: str) -> bytes | None:
        return self.altered_answers.get((key_hash, function))

    def remember_altered(self, key_hash: str, function: str, data: bytes) -> None:
        self.altered_answers[key_hash, function] = data


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """One exercise, gate(x) = 2x, a check of which has a judge of its own."""
    return load_course(make(tmp_path, scalar(JUDGED, "1.0", "-3.0"), "return 2.0 * x", "x"))


def test_a_key_that_is_kept_is_not_compiled_again(course: Course, monkeypatch) -> None:
    """Nor is anything of the course imported: its judges are kept with it, and so is what altered inputs give."""
    (exercise,) = course.exercises()
    store = Store()
    first = Keys(course, store=store)
    key = first.of(exercise)
    alterations = first.altered(exercise, key)("gate")
    assert alterations
    monkeypatch.setattr(compiler, "compile_exercise", None)
    later = Keys(course, store=store)
    assert later.digest(exercise) == digest(key)
    assert later.of(exercise) == key
    assert later.altered(exercise, later.of(exercise))("gate") == alterations
    check = next(each for each in key.checks if each.judge)
    for keys in (first, later):
        assert keys.own_judge is not None
        assert [keys.own_judge(check, check.cases[0], pack(value)) for value in (2.0, 9.0)] == [None, "too far"]


def test_a_digest_is_known_before_the_key_is_read(course: Course, monkeypatch) -> None:
    (exercise,) = course.exercises()
    store = Store()
    wanted = Keys(course, store=store).digest(exercise)
    monkeypatch.setattr(store, "key", lambda _: pytest.fail("read"))
    assert Keys(course, store=store).digest(exercise) == wanted


def test_what_changes_the_course_s_sources_or_the_seed_is_compiled(course: Course) -> None:
    """A remark gives another state and the same key; another seed another key, which is kept beside the first."""
    (exercise,) = course.exercises()
    store = Store()
    first = Keys(course, store=store).digest(exercise)
    path = course.checks(exercise)
    path.write_text(path.read_text() + "# a remark\n")
    assert Keys(course, store=store).digest(exercise) == first
    assert (len(store.states), len(store.kept)) == (2, 1)
    other = Keys(msgspec.structs.replace(course, seed=2), store=store).digest(exercise)
    assert other != first
    kept = Keys(course, store=store)
    assert [digest(key) for name in (first, other) if (key := kept.kept(exercise, name))] == [first, other]
    assert kept.kept(exercise, "none") is None


def test_individual_inputs_have_a_key_for_each_student(course: Course, monkeypatch) -> None:
    (exercise,) = course.exercises()
    course = msgspec.structs.replace(course, individual=True)
    store = Store()
    first = {student: Keys(course, store=store).digest(exercise, student) for student in ("ann", "bob", "")}
    assert len(set(first.values())) == 3
    monkeypatch.setattr(compiler, "compile_exercise", None)
    later = Keys(course, store=store)
    assert {student: later.digest(exercise, student) for student in first} == first
    assert digest(later.of(exercise, "bob")) == first["bob"]


def test_of_an_earlier_key_nothing_is_made_up(course: Course) -> None:
    """What altered inputs gave comes from the store, or not at all: the formulas are others by now."""
    (exercise,) = course.exercises()
    store = Store()
    first = Keys(course, store=store)
    name = first.digest(exercise)
    course.reference(exercise).write_text(course.reference(exercise).read_text().replace("2.0 * x", "2.5 * x"))
    later = Keys(course, store=store)
    key = later.kept(exercise, name)
    assert key is not None
    with pytest.raises(LookupError, match="was not kept"):
        later.altered(exercise, key)("gate")
    expected = first.altered(exercise, first.of(exercise))("gate")
    assert first.of(exercise) == key
    assert later.altered(exercise, key)("gate") == expected
