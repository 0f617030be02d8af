"""One student's folder: which file answers each exercise, what else may be an answer, and what is none."""

from __future__ import annotations

import itertools
import stat
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.course.model import EXAMPLES, PICTURE
from grader.errors import did_you_mean
from grader.names import shown
from grader.submissions.answers import Reading, choose, file_names
from grader.submissions.files import children, files_below, is_left_behind
from grader.submissions.intake.received import Received, is_collected, received_or_none
from grader.submissions.layouts import Outside
from grader.submissions.misplaced import Meant, Names, is_notebook
from grader.submissions.submission import Submission
from grader.submissions.submitted_at import TIMESTAMP, last_modified, written_down
from grader.words import listed

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.course.model import Course, Exercise
    from grader.submissions.intake.received import Attempt
    from grader.submissions.submission import By

    Entries = Mapping[str, os.stat_result]

__all__ = ["LookedThrough", "StudentFolder", "Wanted"]

MAX_LISTED = 10
"""How many files of one student a notice names."""

MAX_DEPTH = 6
MAX_ENTRIES = 5_000
"""How far a student's files are looked for outside their places."""

MAX_SUSPECTS = 50
"""How many of a student's files that no exercise has the name of are searched for an answer."""


_UNREAD = "cannot be read ({}), and nothing in it was graded: give yourself the right to, and grade again"


class Wanted:
    """What is looked for in every student's folder."""

    def __init__(self, course: Course, whole: Course, functions: Callable[[Exercise], Collection[str]]) -> None:
        """The exercises of `course`, a part of the `whole` one; `functions` is asked once for each, where it matters."""
        self.course = course
        self.names = Names(whole)
        self.homes = {
            assignment.id: {
                name
                for each in assignment.exercises
                for name in (*file_names(each), f"{each.id}{EXAMPLES}", f"{each.id}{PICTURE}")
            }
            for assignment in whole.assignments
        }
        """What belongs into the folder of each assignment."""
        self.places = {name: f"{each.assignment}/{name}" for each in whole.exercises() for name in file_names(each)}
        self.selected = {assignment.id for assignment in course.assignments}
        self._functions = functions
        self._asked: dict[str, Collection[str]] = {}

    def asked(self, exercise: Exercise) -> Collection[str]:
        """The functions that an exercise asks for."""
        if exercise.id not in self._asked:
            self._asked[exercise.id] = self._functions(exercise)
        return self._asked[exercise.id]


class LookedThrough(msgspec.Struct, frozen=True):
    """What one student's folder gave: answers, and lines about the rest."""

    submissions: tuple[Submission, ...]
    notices: tuple[str, ...]
    unplaced: tuple[str, ...]
    linked: tuple[str, ...]
    """The answers that have another name on the disk."""
    outside: Outside | None
    """Where nothing is in its place, and something beside."""
    suspected: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """The files that `unplaced` names, below the folder, and the exercises that each may be an answer to."""


class _Stranger(msgspec.Struct, frozen=True):
    """What lies where it does not belong, by its name below the student's folder."""

    name: str
    status: os.stat_result
    known: tuple[str, ...]
    """The names that belong there."""


class _Stray(msgspec.Struct, frozen=True):
    """A file that is in no right place, and what its name says that it is."""

    name: str
    path: Path
    status: os.stat_result
    meant: Meant | None

    def is_for(self, exercise: Exercise) -> bool:
        return self.meant is not None and self.meant.name in (exercise.id, exercise.assignment)

    def place(self, exercise: Exercise) -> str:
        """The name that it should have."""
        if not is_notebook(self.path.name):
            return f"{exercise.id}.py"
        return f"{self.meant.name if self.meant else exercise.id}.ipynb"


class _Telling(msgspec.Struct):
    """What is to be told of one student, as it is found out."""

    student: str
    notices: list[str] = []
    taken: list[tuple[Exercise, _Stray]] = []
    unplaced: dict[tuple[str, ...], list[Exercise]] = {}
    why: dict[str, str] = {}
    """What is wrong with a file itself that may be an answer, by its name."""
    unread: list[str] = []
    """The folders that could not be looked into, a sentence for each."""

    def say(self, sentence: str) -> None:
        self.notices.append(f"{shown(self.student)}: {sentence}")

    def named(self) -> set[str]:
        """The strays that something else is said of than that nobody knows them."""
        return {stray.name for _, stray in self.taken} | {name for names in self.unplaced for name in names}


class StudentFolder:
    """A student's folder, looked through once."""

    def __init__(self, student: str, folder: Path, wanted: Wanted) -> None:
        """Nothing is read yet."""
        self._student, self._folder, self._wanted = student, folder, wanted
        self._reading = Reading()
        self._telling = _Telling(student)
        self._times: dict[Path, str] = {}
        self._received: dict[str, Received | None] = {}
        self._collected = False
        self._near: dict[str, str | None] = {}
        self._ids = {exercise.id for exercise in wanted.course.exercises()}

    def look(self) -> LookedThrough:
        """One submission for each exercise, in course order, and what to tell."""
        self._collected = is_collected(self._folder.parent, self._student)
        homes, strangers = self._homes()
        strays, complete = self._strays(strangers)
        found = [self._answer(exercise, homes, strays) for exercise in self._wanted.course.exercises()]
        telling = self._telling
        self._tell(strangers, complete=complete)
        linked = [
            f"{self._student}/{submission.path.relative_to(self._folder).as_posix()}"
            for submission, status, _ in found
            if submission.path and status and stat.S_ISREG(status.st_mode) and status.st_nlink > 1
        ]
        outside = None
        lying = telling.named() & {stray.name for stray in strays}
        if lying and not any(placed for _, _, placed in found):
            answered = [exercise for exercise, _ in telling.taken]
            answered += [exercise for exercises in telling.unplaced.values() for exercise in exercises]
            assignments = tuple(dict.fromkeys(exercise.assignment for exercise in answered))
            outside = Outside(self._student, self._folder, tuple(sorted(lying)), assignments)
        sentences = [
            *telling.unread,
            *(_not_graded(each, names, telling.why) for names, each in telling.unplaced.items()),
        ]
        lines = [f"{shown(self._student)}: {sentence}" for sentence in sentences]
        submissions = tuple(submission for submission, _, _ in found)
        suspected = tuple((names, tuple(one.id for one in each)) for names, each in telling.unplaced.items())
        return LookedThrough(submissions, tuple(telling.notices), tuple(lines), tuple(linked), outside, suspected)

    def _homes(self) -> tuple[dict[str, Entries], list[_Stranger]]:
        """What is in the folder of each assignment, and what does not belong there or beside them."""
        top, problem = _entries(self._folder)
        if problem:
            self._telling.unread.append(f"the folder {_UNREAD.format(problem)}")
        known = tuple(f"{each}/" for each in self._wanted.homes)
        strangers = [_Stranger(name, status, known) for name, status in top.items() if name not in self._wanted.homes]
        homes: dict[str, Entries] = {}
        for assignment, belonging in self._wanted.homes.items():
            if assignment not in top:
                continue
            mode = top[assignment].st_mode
            files: Entries = {}
            is_wanted = assignment in self._wanted.selected
            if stat.S_ISDIR(mode):
                files, problem = _entries(self._folder / assignment)
                if problem and is_wanted:
                    self._telling.unread.append(f"{assignment} {_UNREAD.format(problem)}")
            elif is_wanted:
                problem = "a symlink is not followed" if stat.S_ISLNK(mode) else "it is not a folder"
                self._telling.say(f"{assignment} cannot be read ({problem})")
            homes[assignment] = files
            strangers += [
                _Stranger(f"{assignment}/{name}", status, tuple(belonging))
                for name, status in files.items()
                if name not in belonging
            ]
        return homes, strangers

    def _strays(self, strangers: Sequence[_Stranger]) -> tuple[list[_Stray], bool]:
        """The files among the strangers and in their folders, and whether that is all of them."""
        first = [(self._folder / each.name, each.status) for each in strangers[:MAX_ENTRIES]]
        folders = [path for path, status in first if stat.S_ISDIR(status.st_mode)]
        below, complete = files_below(folders, MAX_DEPTH, MAX_ENTRIES)
        found = [(path, status) for path, status in first if stat.S_ISREG(status.st_mode)] + below
        complete = complete and len(first) == len(strangers)
        return [
            _Stray(path.relative_to(self._folder).as_posix(), path, status, self._wanted.names.meant(path.name))
            for path, status in found
        ], complete

    def _answer(
        self, exercise: Exercise, homes: Mapping[str, Entries], strays: Sequence[_Stray]
    ) -> tuple[Submission, os.stat_result | None, bool]:
        """The submission for an exercise, what its file is, and whether that is an answer in its place."""
        files = homes.get(exercise.assignment, {})
        nothing = Submission(self._student, exercise.assignment, exercise.id, None, "")
        submission, status = nothing, None
        not_placed = self._not_placed(exercise)
        if names := [name for name in file_names(exercise) if name in files]:
            home = self._folder / exercise.assignment
            there = [home / name for name in names]
            asked = self._wanted.asked(exercise) if len(there) > 1 else ()
            choice = choose(exercise, there, asked, self._reading)
            if choice.path is not None:
                recorded = self._recorded(choice.path)
                status, note = files[choice.path.name], recorded.note if recorded else ""
                if choice.beside:
                    others = " or ".join(path.name for path in choice.beside)
                    note = f"{exercise.assignment}/{choice.path.name} is graded, not {others} beside it"
                    self._telling.say(note)
                time, by = self._time(choice.path, status, recorded)
                submission = replace(nothing, path=choice.path, submitted_at=time, note=note, by=by)
        placed = submission.path is not None
        if (strays or not_placed) and submission.path is not None:
            placed = self._reading.worked_on(submission.path, exercise, self._wanted.asked(exercise))
        if placed or not (strays or not_placed):
            return submission, status, placed
        meant = [stray for stray in strays if stray.is_for(exercise) and self._is_answer(stray, exercise)]
        if len(meant) == 1:
            (stray,) = meant
            self._telling.taken.append((exercise, stray))
            note = f"{stray.name!r} is graded, which belongs at {exercise.assignment}/{stray.place(exercise)}"
            time, by = self._time(stray.path, stray.status, self._recorded(stray.path))
            return replace(nothing, path=stray.path, submitted_at=time, note=note, by=by), stray.status, False
        lying = (stray.name for stray in meant or self._suspects(exercise, strays))
        if suspects := tuple(dict.fromkeys((*lying, *not_placed))):
            self._telling.unplaced.setdefault(suspects, []).append(exercise)
            submission = replace(submission, note=_not_graded([exercise], suspects, self._telling.why))
        return submission, status, False

    def _not_placed(self, exercise: Exercise) -> tuple[str, ...]:
        """What intake could not place and may answer an exercise."""
        received = self._received_at(exercise.assignment)
        found = [each for each in received.unplaced if exercise.id in each.exercises] if received else []
        self._telling.why |= {each.file: each.why for each in found if each.why}
        return tuple(each.file for each in found)

    def _is_answer(self, stray: _Stray, exercise: Exercise) -> bool:
        """Whether a file whose name is that of an exercise, or of its assignment, holds an answer to it."""
        asked = self._wanted.asked(exercise)
        sure = stray.meant is not None and stray.meant.sure and stray.meant.name == exercise.id
        if not self._reading.affords(stray.path, stray.status.st_size):
            return sure
        looks = self._reading.worked_on if sure else self._reading.answers
        return looks(stray.path, exercise, asked)

    def _suspects(self, exercise: Exercise, strays: Sequence[_Stray]) -> Iterator[_Stray]:
        """Files that nothing was made of, and that define what is asked for or are nearly named so."""
        known = (stray for stray in strays if not (stray.meant and stray.meant.sure and stray.meant.name in self._ids))
        for stray in itertools.islice(known, MAX_SUSPECTS):
            if stray.name not in self._near:
                self._near[stray.name] = self._wanted.names.near(stray.path.name)
            near = self._near[stray.name]
            is_program = stray.path.suffix.casefold() in {".py", ".ipynb", ".txt"}
            if near == exercise.id:
                suspected = not is_program or not self._is_still_a_stub(stray, exercise)
            else:
                suspected = is_program and self._defines(stray, exercise)
                if near == exercise.assignment:
                    suspected = suspected or not is_program or self._is_refused(stray, exercise)
            if suspected:
                yield stray

    def _defines(self, stray: _Stray, exercise: Exercise) -> bool:
        return self._reading.affords(stray.path, stray.status.st_size) and self._reading.answers(
            stray.path, exercise, self._wanted.asked(exercise)
        )

    def _is_still_a_stub(self, stray: _Stray, exercise: Exercise) -> bool:
        return self._reading.affords(stray.path, stray.status.st_size) and not self._reading.worked_on(
            stray.path, exercise, self._wanted.asked(exercise)
        )

    def _is_refused(self, stray: _Stray, exercise: Exercise) -> bool:
        return not self._reading.affords(stray.path, stray.status.st_size) or self._reading.refused(
            stray.path, exercise
        )

    def _time(self, path: Path, status: os.stat_result, recorded: Attempt | None) -> tuple[str, By]:
        """When a file was handed in, and by whose word: intake's record, else what is written down beside it, else its own."""
        if recorded and recorded.submitted_at:
            return recorded.submitted_at, recorded.word
        if path.parent not in self._times:
            self._times[path.parent] = written_down(path.parent / TIMESTAMP)
        if written := self._times[path.parent]:
            return written, "timestamp"
        return last_modified(status), "file"

    def _recorded(self, path: Path) -> Attempt | None:
        """What intake's record has of a file in its place."""
        received = self._received_at(path.parent.name) if path.parent.parent == self._folder else None
        return received.attempt_of(path) if received is not None else None

    def _received_at(self, assignment: str) -> Received | None:
        """Intake's record of an assignment."""
        if self._collected and assignment not in self._received:
            self._received[assignment] = received_or_none(self._folder.parent, self._student, assignment)
        return self._received.get(assignment)

    def _tell(self, strangers: Sequence[_Stranger], *, complete: bool) -> None:
        """Say which files were taken from elsewhere, and which nobody knows."""
        telling = self._telling
        if telling.taken:
            named = [f"{stray.name!r} as {exercise.assignment}/{exercise.id}" for exercise, stray in telling.taken]
            telling.say(f"graded although not in its place: {listed(named, MAX_LISTED, str)}")
        named_ones = telling.named()
        unknown = [
            stranger
            for stranger in strangers
            if stranger.name not in named_ones
            and not any(name.startswith(f"{stranger.name}/") for name in named_ones)
            and self._is_listed(stranger)
        ]
        if unknown:
            telling.say(f"of no known exercise: {listed(unknown, MAX_LISTED, self._named)}")
        if not complete and len(unknown) <= MAX_LISTED:
            telling.say(f"holds too many files to look at all of them, or too deep ones; {MAX_ENTRIES} were looked at")

    def _is_listed(self, stranger: _Stranger) -> bool:
        """Whether it lies in a part of the folder that is graded now."""
        home, inside, _ = stranger.name.partition("/")
        return not inside or home in self._wanted.selected

    def _named(self, stranger: _Stranger) -> str:
        """A file of no known exercise, and where it may belong."""
        name = stranger.name.rpartition("/")[2]
        if name in self._wanted.places:
            return f"{stranger.name!r} (it belongs at {self._wanted.places[name]})"
        near = did_you_mean(name, stranger.known).removeprefix("; ")
        return f"{stranger.name!r}" + (f" ({near})" if near else "")


def _entries(folder: Path) -> tuple[dict[str, os.stat_result], str]:
    """What a folder holds, less what tools leave behind; or why it cannot be read."""
    found, problem = children(folder)
    return {name: each for name, each in found.items() if not is_left_behind(name) and name != TIMESTAMP}, problem


def _not_graded(exercises: Sequence[Exercise], files: Sequence[str], why: Mapping[str, str]) -> str:
    """That files may be an answer, where that belongs, and why a file was not read; on the run's screen and on the student's page."""
    places = [f"{each.assignment}/{each.id}.py" for each in exercises]
    named = listed(files, MAX_LISTED, repr)
    which = "may be answers, of which none was graded" if len(files) > 1 else "may be one, and was not graded"
    unread = "".join(f"; {name!r} {why[name]}" for name in files[:MAX_LISTED] if name in why)
    return (
        f"No answer is in its place at {listed(places, MAX_LISTED, str)} (or .ipynb); {named} {which}:"
        f" hand in your answer as that file{unread}"
    )
