"""The answer keys that submissions are graded with: compiled from the course, or shipped in a student's tree."""

from __future__ import annotations

import hashlib
import logging
import platform
import threading
from typing import TYPE_CHECKING, Protocol

import msgspec
import numpy as np
from msgspec.structs import replace

from grader.errors import CourseError, UsageError
from grader.grading.checkout import hash_of_solutions
from grader.grading.provenance import exact_version, torch_version
from grader.judging.answer_key import AnswerKey, decode_key, digest
from grader.judging.diagnosis import Alteration
from grader.judging.judge import Altered, OwnJudge, trusted
from grader.wire.values import Value  # noqa: TC001  msgspec reads it

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.building.compiler import Compiled
    from grader.course.model import Course, Exercise

__all__ = ["KeyStore", "Keys", "decode_alterations", "decode_kept", "encode_alterations", "load_examples"]

_log = logging.getLogger(__name__)

_RECENT = 64
"""How many keys of single students stay in memory: a class has thousands of them, and one assignment is graded at a time."""


class KeyStore(Protocol):
    """Where compiled keys, and what is found out with them, are kept from one run to the next. For several threads."""

    def key_of(self, sources: str) -> str | None:
        """The digest of the key that a state of the course's sources compiles to; None where none has been kept."""

    def key(self, name: str) -> bytes | None:
        """What was kept of the key of that digest."""

    def altered(self, key_hash: str, function: str) -> bytes | None:
        """What was kept of a function's formulas on altered inputs of a key."""

    def remember_altered(self, key_hash: str, function: str, data: bytes) -> None:
        """Keep that."""

    def remember_compiled(self, sources: str, exercise: str, key_hash: str, key: bytes) -> None:
        """Keep a key, and what it was compiled from."""


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """A key as it is kept, with the sources of its checks' own judges: nothing of the course is imported to judge with it."""

    key: AnswerKey
    judges: dict[str, str]


class _Alterations(msgspec.Struct, frozen=True, array_like=True):
    """Alterations as they are kept."""

    each: tuple[tuple[str, tuple[tuple[str, int, Value], ...], str], ...]

    @staticmethod
    def of(found: Iterable[Alteration]) -> _Alterations:
        return _Alterations(
            tuple(
                (one.sentence, tuple((*place, value) for place, value in one.answers.items()), one.misconception)
                for one in found
            )
        )

    def all(self) -> tuple[Alteration, ...]:
        return tuple(
            Alteration(sentence, {(check, index): value for check, index, value in answers}, misconception)
            for sentence, answers, misconception in self.each
        )


def decode_kept(data: bytes) -> tuple[AnswerKey, dict[str, str]]:
    """A key that was kept, and the sources of its judges. Raises msgspec.MsgspecError for one of another grader."""
    kept = msgspec.msgpack.decode(data, type=_Kept)
    return kept.key, kept.judges


def encode_alterations(found: Iterable[Alteration]) -> bytes:
    """Alterations to be kept, or sent."""
    return msgspec.msgpack.encode(_Alterations.of(found))


def decode_alterations(data: bytes) -> tuple[Alteration, ...]:
    """Alterations that were kept, or sent. Raises msgspec.MsgspecError."""
    return msgspec.msgpack.decode(data, type=_Alterations).all()


class Keys:
    """The answer keys of a course, each made once: one for each exercise, or for each student where inputs are individual.

    With `shipped` they are the public examples beside the stubs. `own_judge` runs the judges of compiled keys; it is None
    for shipped ones, whose judges anybody may have written: those run in the sandbox. What a `store` has is not compiled,
    and what is compiled goes there. For several threads.
    """

    def __init__(self, course: Course, *, shipped: bool = False, store: KeyStore | None = None) -> None:
        """Make no key yet."""
        self._course, self._shipped, self._store = course, shipped, store
        self._made: dict[tuple[str, str], AnswerKey | CourseError] = {}
        self._digests: dict[tuple[str, str], str] = {}
        self._judges: dict[str, str] = {}
        self._compiled: dict[str, Compiled] = {}
        self._altered: dict[tuple[str, str], tuple[Alteration, ...]] = {}
        self._kept: dict[str, AnswerKey] = {}
        self._state = ""
        self._making = threading.Lock()
        self.own_judge: OwnJudge | None = None if shipped else trusted(self._judges)

    @property
    def shared(self) -> bool:
        """Whether all students have the same key of an exercise."""
        return self._shipped or not self._course.individual

    def adopt(self, exercise: Exercise, key: AnswerKey, *, shared: bool) -> None:
        """Take a key that was made elsewhere of the same sources: its judges, and what altered inputs give, come from here.

        Raises CourseError, or LookupError where the course has no such judge.
        """
        with self._making:
            if shared:
                self._made[exercise.id, ""] = key
            named = _judges_of(key)
            if not named <= self._judges.keys():
                self._judges.update(self._code(exercise).judges)
            if unknown := named - self._judges.keys():
                raise LookupError(f"{exercise.id}: no check has the judge {min(unknown)}")

    def packed(self, key: AnswerKey, *, judges: bool = True) -> bytes:
        """One of these keys, for `decode_kept`; with the sources of its judges, or for who has those."""
        used = _judges_of(key) & self._judges.keys() if judges else frozenset()
        return msgspec.msgpack.encode(_Kept(key, {name: self._judges[name] for name in sorted(used)}))

    def of(self, exercise: Exercise, student: str = "") -> AnswerKey:
        """The key for one student. Raises CourseError where it cannot be compiled, UsageError where it cannot be read."""
        with self._making:
            return self._of(self._place(exercise, student), exercise)

    def digest(self, exercise: Exercise, student: str = "") -> str:
        """The digest of the key for one student; a key that the store has is not read for it. Raises as `of` does."""
        place = self._place(exercise, student)
        with self._making:
            if place not in self._digests:
                known = self._store.key_of(self._sources(place)) if self._store else None
                self._digests[place] = known or digest(self._of(place, exercise))
            return self._digests[place]

    def compiled(self, exercise: Exercise, student: str = "") -> Compiled:
        """The key for one student, with the code that it was made of; not of shipped keys. Raises CourseError."""
        key = self.of(exercise, student)
        with self._making:
            return replace(self._code(exercise), key=key)

    def altered(self, exercise: Exercise, key: AnswerKey) -> Altered:
        """What a function's formulas give on altered inputs of a key, when it is asked for; nothing for shipped keys."""

        def of_function(function: str) -> tuple[Alteration, ...]:
            if self._shipped or exercise.framework != "numpy":
                return ()  # arrays are no tensors, and an answer in torch is worth less than the seconds that it takes
            with self._making:
                name = self._name_of(exercise, key)
                if (name, function) not in self._altered:
                    found = self._alterations(exercise, key, name, function)
                    if not name:
                        return found
                    self._altered[name, function] = found
                return self._altered[name, function]

        return of_function

    def kept(self, exercise: Exercise, name: str) -> AnswerKey | None:
        """The key of that digest, as the store has it, whatever the course compiles to by now; None where it has none."""
        with self._making:
            if name not in self._kept:
                data = self._store.key(name) if self._store else None
                try:
                    key, judges = decode_kept(data or b"")
                except msgspec.MsgspecError:
                    return None
                self._judges.update(judges)
                self._kept[name] = key
            key = self._kept[name]
        return key if key.exercise == exercise.id else None

    def faults(self, exercises: Iterable[Exercise]) -> tuple[CourseError, ...]:
        """Make the keys that students share, but for those that the store has; what keeps some from being compiled."""
        faults = []
        for exercise in exercises:
            try:
                self.digest(exercise)
            except CourseError as error:
                faults.append(error)
        return tuple(faults)

    def _place(self, exercise: Exercise, student: str) -> tuple[str, str]:
        return exercise.id, "" if self.shared else student

    def _of(self, place: tuple[str, str], exercise: Exercise) -> AnswerKey:
        if place not in self._made:
            self._made[place] = self._make(place, exercise)
            for old in [each for each in self._made if each[1]][:-_RECENT]:
                del self._made[old]
        key = self._made[place]
        if isinstance(key, CourseError):
            raise key
        return key

    def _make(self, place: tuple[str, str], exercise: Exercise) -> AnswerKey | CourseError:
        if self._shipped:
            return load_examples(self._course, exercise)
        sources = self._sources(place) if self._store else ""
        if self._store and (known := self._store.key_of(sources)) and (data := self._store.key(known)):
            key, judges = decode_kept(data)
            self._judges.update(judges)
            return key
        try:
            made = _compiled(self._course, exercise, place[1])
        except CourseError as error:
            _log.info("no key for %s: %s", exercise.id, error)
            return error
        self._judges.update(made.judges)
        if not place[1]:
            self._compiled[exercise.id] = made
        if self._store and sources == self._sources(place, anew=True):  # else it may be of another state
            data = msgspec.msgpack.encode(_Kept(made.key, dict(made.judges)))
            self._store.remember_compiled(sources, exercise.id, digest(made.key), data)
        return made.key

    def _name_of(self, exercise: Exercise, key: AnswerKey) -> str:
        """The digest of a key that many answers are judged by; empty for that of one student."""
        if key is self._made.get((exercise.id, "")):
            return digest(key)
        return next((name for name, each in self._kept.items() if each is key), "")

    def _alterations(self, exercise: Exercise, key: AnswerKey, name: str, function: str) -> tuple[Alteration, ...]:
        """What altered inputs give. Raises LookupError for an earlier key of which that has not been kept."""
        store = self._store if name else None
        if store and (data := store.altered(name, function)) is not None:
            return decode_alterations(data)
        made = self._code(exercise)
        if name in self._kept and digest(made.key) != name:
            raise LookupError(f"what altered inputs give was not kept of the key {name}")
        from grader.building.alterations import alterations  # noqa: PLC0415  as in _compiled

        found = alterations(made, key, function)
        if store:
            store.remember_altered(name, function, encode_alterations(found))
        return found

    def _code(self, exercise: Exercise) -> Compiled:
        """The exercise with the code of its formulas. Raises CourseError."""
        if exercise.id not in self._compiled:
            self._compiled[exercise.id] = _compiled(self._course, exercise)
        return self._compiled[exercise.id]

    def _sources(self, place: tuple[str, str], *, anew: bool = False) -> str:
        """A hash of all that decides which key is compiled: as it was when the first was asked for, or as it is by now."""
        if anew or not self._state:
            self._state = hash_of_solutions(self._course)
        decides = (self._state, self._course.seed, *place, exact_version(), platform.python_version(), np.__version__, torch_version())  # fmt: skip
        return hashlib.sha256(msgspec.msgpack.encode(decides)).hexdigest()


def _judges_of(key: AnswerKey) -> frozenset[str]:
    """The names of its checks' own judges."""
    return frozenset(check.judge for check in key.checks if check.judge)


def _compiled(course: Course, exercise: Exercise, student: str = "") -> Compiled:
    """Raises CourseError."""
    from grader.building.compiler import compile_exercise  # noqa: PLC0415  keys that were shipped are compiled already

    return compile_exercise(course, exercise, student)


def load_examples(course: Course, exercise: Exercise) -> AnswerKey:
    """The public examples of an exercise. Raises UsageError where they are missing, damaged or too new."""
    path = course.examples(exercise)
    try:
        return decode_key(path.read_bytes(), path)
    except (OSError, msgspec.MsgspecError) as error:
        cure = (
            "get the exercises again from your instructor"
            if course.released
            else "`grader release exercises` writes it"
        )
        raise UsageError(f"{path} cannot be read ({error}); {cure}") from None
