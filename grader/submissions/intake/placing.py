"""From what somebody handed in to attempts at exercises, by the rules by which answers are found when a class is graded."""

from __future__ import annotations

import hashlib
import itertools
import shutil
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.submissions.answers import Reading, file_names
from grader.submissions.folder import StudentFolder, Wanted
from grader.submissions.intake.archives import MAX_FILE
from grader.submissions.intake.listing import ARCHIVE, CLOSED, is_answer_file
from grader.submissions.intake.received import Attempt, Unplaced
from grader.submissions.misplaced import is_notebook
from grader.words import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from grader.course.model import Exercise
    from grader.submissions.intake.archives import Spool
    from grader.submissions.intake.handin import File, HandIn
    from grader.submissions.submission import Submission

__all__ = ["Placed", "Placing"]

MAX_LISTED = 5


class Placed(msgspec.Struct, frozen=True):
    """The attempts in what one person handed in, by assignment; and what of it was not taken, in a line each."""

    attempts: tuple[tuple[str, Attempt], ...]
    unplaced: tuple[Unplaced, ...] = ()
    """What may be answers all the same; to no exercise where nothing says to which."""
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def exercises(self) -> set[str]:
        """The exercises that something in it answers, or may."""
        return {attempt.exercise for _, attempt in self.attempts} | {
            name for each in self.unplaced for name in each.exercises
        }


class Placing:
    """Places what is handed in, one after the other; keeps the content of attempts in the spool, by their hashes."""

    def __init__(self, wanted: Wanted, spool: Spool) -> None:
        """Nothing is placed yet."""
        self._wanted, self._spool = wanted, spool
        self.contents: dict[str, Path] = {}

    def place(self, student: str, hand_in: HandIn, source: str) -> Placed:
        """What a student's hand-in gives. Its files are written into a folder of its own, and found there as in a class."""
        stage = self._spool.folder / "stage" / "student"
        shutil.rmtree(stage.parent, ignore_errors=True)
        stage.mkdir(parents=True)
        problems: list[str] = []
        files: dict[Path, File] = {}
        unread = [file for file in hand_in.files if file.entry.fault and _may_hold_answers(file.path)]
        for path, file in self._homes(hand_in).items():
            try:
                data = file.entry.read(MAX_FILE)
                where = stage / path
                where.parent.mkdir(parents=True, exist_ok=True)
                where.write_bytes(data[:MAX_FILE])
            except OSError as error:
                problems.append(f"{file.path!r} {error.strerror or error}")
                unread.append(file)
                continue
            if len(data) > MAX_FILE:
                problems.append(f"{file.path!r} is larger than {MAX_FILE >> 20} MiB")
                where.unlink()
                unread.append(file)
            else:
                files[where] = file
        looked = StudentFolder(student, stage, self._wanted).look()
        chosen = [each for each in looked.submissions if each.path is not None]
        reading = Reading()
        # Where a file lay in a download is nothing that its student should have done otherwise; which of two counts is.
        answers = [
            one if one.path and one.path.parent == stage / one.assignment else replace(one, note="")
            for one in chosen
            if not self._is_untouched(one, reading)
        ]
        attempts = [self._attempt(one, one.path, files[one.path], hand_in, source) for one in answers if one.path]
        unplaced: list[Unplaced] = []
        for names, exercises in looked.suspected:
            unplaced += [
                self._unplaced(files[stage / name], exercises, hand_in, source, stage / name) for name in names
            ]
            problems.append(
                f"{listed(names, MAX_LISTED, repr)} may answer {', '.join(exercises)}, and none was taken: {self._why(names, exercises)};"
                f" to have one graded, put it into the class's folder as {student}/{self._home(exercises[0], names[0])}"
            )
        notices = list(dict.fromkeys(one.note for one in answers if one.note))
        named = {stage / name for names, _ in looked.suspected for name in names} | {each.path for each in chosen}
        named |= {
            one.path.with_name(name)
            for one in answers
            if one.note and one.path
            for name in file_names(self._wanted.course.exercise(one.exercise))
        }
        unused = [files[path].path for path in files if path not in named]
        if unused:
            notices.append(
                f"not taken, for it is of no exercise, or another file answers that: {listed(unused, MAX_LISTED, repr)}"
            )
        if files and not (attempts or problems or unused):
            empty = [file.path for path, file in files.items() if not path.read_bytes().strip()]
            released = [file.path for file in files.values() if file.path not in empty]
            both = (("empty", empty), ("as it was released", released))
            notices += [f"{what}: {listed(paths, MAX_LISTED, repr)}" for what, paths in both if paths]
        answered = {attempt.exercise for _, attempt in attempts}
        others, told = self._of_another_kind(hand_in, answered, alone=not (files or unread))
        problems += filter(None, [told])
        unread += others
        unplaced += self.leave(replace(hand_in, files=tuple(unread)), source).unplaced
        return Placed(tuple(attempts), tuple(unplaced), tuple(problems), tuple(notices))

    def _of_another_kind(self, hand_in: HandIn, answered: Collection[str], *, alone: bool) -> tuple[list[File], str]:
        """The files that are no program and no notebook and may be answers all the same, and what to say of them.

        That is each where nothing else was handed in, and else those that nearly have the name of an exercise without an answer.
        """
        if alone:
            paths = [file.path for file in hand_in.files]
            named = f", but {listed(paths, MAX_LISTED, repr)}" if paths else ""
            return list(hand_in.files), f"holds no program and no notebook{named}"
        others = (file for file in hand_in.files if not (file.entry.fault or _may_hold_answers(file.path)))
        found = [file for file in others if not set(self._may_answer(file)) <= set(answered)]
        exercises = dict.fromkeys(itertools.chain.from_iterable(map(self._may_answer, found)))
        named = listed([file.path for file in found], MAX_LISTED, repr)
        told = f"{named} may answer {', '.join(exercises)}, and is no program and no notebook"
        return found, told if found else ""

    def leave(self, hand_in: HandIn, source: str) -> Placed:
        """What a student's hand-in gives of which nothing can be read."""
        files = hand_in.files
        return Placed((), tuple(self._unplaced(file, self._may_answer(file), hand_in, source) for file in files))

    def _why(self, names: Sequence[str], exercises: Sequence[str]) -> str:
        """Why no file was taken of those that may answer an exercise."""
        meant = [self._wanted.names.meant(name.rpartition("/")[2]) for name in names]
        places = {self._wanted.course.exercise(each).assignment for each in exercises}.union(exercises)
        if len(names) > 1 and all(each and each.name in places for each in meant):
            return f"{len(names)} files have its name, and nobody knows which counts"
        return "the name must be that of the exercise"

    def _homes(self, hand_in: HandIn) -> dict[str, File]:
        """Where each file that may be an answer is looked for: in its place where its name is exact, else where it lay."""
        files = sorted(
            (file for file in hand_in.files if is_answer_file(file.path) and not file.entry.fault),
            key=lambda file: (file.path.count("/"), file.path),
        )
        found: dict[str, File] = {}
        for file in files:
            home = self._wanted.places.get(file.path.rpartition("/")[2], "")
            is_home = "/" not in file.path or f"/{file.path}".endswith(f"/{home}")
            if home and is_home and home not in found:
                found[home] = file
            else:
                found.setdefault(file.path, file)
        return found

    def _home(self, exercise: str, path: str) -> str:
        """The place of a file that answers an exercise."""
        suffix = ".ipynb" if is_notebook(path) else ".py"
        return f"{self._wanted.course.exercise(exercise).assignment}/{exercise}{suffix}"

    def _attempt(
        self, submission: Submission, path: Path, file: File, hand_in: HandIn, source: str
    ) -> tuple[str, Attempt]:
        """The attempt that a file is."""
        exercise = self._wanted.course.exercise(submission.exercise)
        data = path.read_bytes()
        return submission.assignment, Attempt(
            exercise=submission.exercise,
            file=self._name(path, exercise),
            sha256=self._keep(data),
            size=len(data),
            submitted_at=file.submitted_at,
            by=file.by,
            late=file.late,
            service=hand_in.service,
            given=file.given,
            ids=dict(file.ids),
            sequence=file.sequence,
            source=source,
            earlier=hand_in.earlier,
            note=submission.note,
        )

    def _keep(self, data: bytes) -> str:
        """Keep a content; gives its hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 not in self.contents:
            self.contents[sha256] = self._spool.path(0)
            self.contents[sha256].write_bytes(data)
        return sha256

    def _unplaced(
        self, file: File, exercises: tuple[str, ...], hand_in: HandIn, source: str, path: Path | None = None
    ) -> Unplaced:
        """A file that was not taken; its content lies at `path` where it could be read."""
        return Unplaced(
            file=file.path,
            exercises=exercises,
            sha256=self._keep(path.read_bytes()) if path else "",
            why=file.entry.fault,
            submitted_at=file.submitted_at,
            service=hand_in.service,
            source=source,
        )

    def _may_answer(self, file: File) -> tuple[str, ...]:
        """The exercises that a file that nobody could read is for, by its name alone."""
        name = file.path.rpartition("/")[2]
        meant = self._wanted.names.meant(name)
        near = meant.name if meant else self._wanted.names.near(name)
        return tuple(each.id for each in self._wanted.course.exercises() if near in (each.id, each.assignment))

    def _name(self, path: Path, exercise: Exercise) -> str:
        """The name that a file has in its place."""
        if self._wanted.places.get(path.name, "").startswith(f"{exercise.assignment}/"):
            return path.name
        if not is_notebook(path.name):
            return f"{exercise.id}.py"
        meant = self._wanted.names.meant(path.name)
        return f"{meant.name if meant else exercise.id}.ipynb"

    def _is_untouched(self, submission: Submission, reading: Reading) -> bool:
        """Whether a file is still the stub. What an exercise asks for is compiled only where the text leaves it open."""
        path, exercise = submission.path, self._wanted.course.exercise(submission.exercise)
        if path is None:
            return True
        data = path.read_bytes()
        if not is_notebook(path.name):
            if b"NotImplementedError" not in data:
                return not data.strip()
            if data.replace(b"\r\n", b"\n") == _stub(self._wanted, exercise):
                return True
        return not reading.worked_on(path, exercise, self._wanted.asked(exercise))


def _may_hold_answers(name: str) -> bool:
    return is_answer_file(name) or any(pattern.search(name) for pattern in (ARCHIVE, CLOSED))


def _stub(wanted: Wanted, exercise: Exercise) -> bytes:
    try:
        return wanted.course.stub(exercise).read_bytes()
    except OSError:
        return b""
