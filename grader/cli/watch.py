"""`grader check --watch`: one exercise at a time, checked again at each save, in place; keys for the rest."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from grader.cli.common import near_here
from grader.cli.exercise import lines_of
from grader.cli.keys import REDRAW, keys
from grader.cli.saves import saves
from grader.cli.screen import folded
from grader.cli.status import status_lines
from grader.grading.hints import next_hint
from grader.grading.progress import progress_of
from grader.judging.verdicts import Verdict
from grader.reports.status import next_up, totals
from grader.submissions.answers import file_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.course.model import Exercise
    from grader.grading.desk import Desk, Tried
    from grader.reports.status import ExerciseStatus

__all__ = ["View", "page", "watch"]

_KEYS = "h hint  n next  l list  c check  q quit"


class View(msgspec.Struct, frozen=True):
    """What is looked at: an exercise or the list of all, which page of it, and the hint that is shown below."""

    exercise: str
    listed: bool = False
    page: int = 0
    hint: str = ""


def page(lines: Sequence[Text], number: int, height: int) -> tuple[list[Text], str]:
    """The lines of one page, round the end, and what the foot says of it: nothing where there is but one."""
    pages = [lines[start : start + height] for start in range(0, len(lines), max(height, 1))] or [[]]
    index = number % len(pages)
    return list(pages[index]), f"space more ({index + 1}/{len(pages)})" * (len(pages) > 1)


def watch(desk: Desk, paths: Sequence[Path]) -> int:
    """Check until a key ends it, and tell how it stands then. Raises UsageError."""
    session = _Session(desk, [each.exercise for each in desk.choose(paths)])
    console = Console(highlight=False)
    with keys() as pressed, Live(console=console, screen=True, auto_refresh=False) as live, suppress(KeyboardInterrupt):
        live.update(Text("checking ..."), refresh=True)
        drawn = None
        for changes in saves(session.folders, (".py", ".ipynb"), session.tell):
            session.saved(changes)
            typed = pressed()
            if not all(map(session.press, typed)):
                break
            if REDRAW in typed:
                drawn = None
                console.set_alt_screen(enable=True)
                console.show_cursor(show=False)
            if drawn != (console.size, session.view, session.tried, session.notice):
                drawn = console.size, session.view, session.tried, session.notice
                live.update(Group(*session.screen(*console.size)), refresh=True)
    console.print(Text(totals(list(session.statuses.values()))))
    return 0


def _hanging(line: Text, width: int) -> Iterator[Text]:
    """A line in as many as it takes, each as far from the edge as the first."""
    edge = min(len(line.plain) - len(line.plain.lstrip()), width // 2)
    return folded(line[edge:], width, line[:edge])


class _Session:
    """What is watched, and what is looked at of it."""

    def __init__(self, desk: Desk, watched: Sequence[Exercise]) -> None:
        self._desk = desk
        self._watched = {each.id: each for each in watched}
        self.folders = sorted({folder for each in watched if (folder := desk.course.stub(each).parent).is_dir()})
        self.statuses: dict[str, ExerciseStatus] = {}
        self.view = View("")
        self.tried: Tried | None = None
        """The answer that is looked at, as it was last tried."""
        self.notice = ""
        """What stands above all else."""

    def tell(self, sentence: str) -> None:
        """Have a sentence stand there from now on."""
        self.notice = sentence

    def saved(self, paths: Sequence[Path]) -> None:
        """Check what was saved: what is looked at, if that was, else the first of the others, which is looked at from now on."""
        if not self.statuses:
            self._begin()
            return
        names = {path.name for path in paths}
        found = [name for name, exercise in self._watched.items() if not names.isdisjoint(file_names(exercise))]
        left = [name for name in found if not self.statuses[name].right]
        if found:
            self._check(self.view.exercise if self.view.exercise in found else (left or found)[0])

    def press(self, key: str) -> bool:
        """Do what a key says; whether to go on."""
        following = next_up(self.statuses.values(), after=self.view.exercise)
        match key:
            case "q":
                return False
            case "n" if following:
                self._check(following.exercise)
            case "c":
                self._check(self.view.exercise)
            case "l":
                self.view = View(self.view.exercise, listed=not self.view.listed)
            case "h":
                self._hint(self._watched[self.view.exercise])
            case " ":
                self.view = replace(self.view, page=self.view.page + 1)
        return True

    def screen(self, width: int, height: int) -> Iterator[Text]:
        """All lines of the screen: the head, a page, the keys."""
        lines = [piece for line in self._lines(width) for piece in _hanging(line, width)]
        keys = list(folded(Text(_KEYS, style="dim"), width))
        shown, more = page(lines, self.view.page, height - len(keys) - 1)
        yield from shown
        yield from [Text("")] * (height - len(keys) - 1 - len(shown))
        yield Text(more, style="dim")
        yield from keys

    def _begin(self) -> None:
        remembered = progress_of(self._desk.course)
        for name, exercise in self._watched.items():
            self.statuses[name] = self._desk.status(self._desk.answer(exercise), remembered)
        first = next_up(self.statuses.values())
        self._check(first.exercise if first else next(iter(self._watched)))

    def _check(self, name: str) -> None:
        """Look at an exercise, and check it."""
        self.view = View(name)
        status = self.statuses[name]
        self.tried = None if status.lacking else self._desk.tried(self._desk.answer(self._watched[name]))
        if self.tried:
            self.statuses[name] = self._desk.status_of(self.tried, status.hints)

    def _hint(self, exercise: Exercise) -> None:
        """Show the next hint; which was the last is known here, also where nothing can be remembered."""
        status = self.statuses[exercise.id]
        found = next_hint(self._desk.course, exercise, status.hints + 1)
        told = f"Hint {found.number} of {found.total}: {found.text}" if found.total else found.text
        self.view = View(exercise.id, hint=told)
        self.statuses[exercise.id] = replace(status, hints=found.number)

    def _lines(self, width: int) -> Iterator[Text]:
        """What is looked at, from its first line to its last."""
        statuses = list(self.statuses.values())
        status = self.statuses[self.view.exercise]
        if self.view.listed:
            yield from status_lines(self._desk.course, statuses, width)
            yield from (Text(""), Text(totals(statuses)))
            return
        yield Text(f"{sum(each.right for each in statuses)} of {len(statuses)} right", style="dim")
        if self.notice:
            yield Text(self.notice, style="dim")
        if self.view.hint:
            yield from (Text(""), Text(self.view.hint, style="yellow"))
        yield Text("")
        if self.tried is None:
            yield Text(f"{status.exercise} {status.said}: pip install {' '.join(status.lacking)}")
        elif status.verdict is Verdict.NOT_ATTEMPTED:
            yield Text(status.exercise, style="bold")
            yield Text(f"Not attempted yet. Its task is in {near_here(self.tried.chosen.path)}: save an answer there.")
        else:
            for line in lines_of(self._desk, self.tried, width):
                yield Text.assemble(*line.pieces)
            if status.right:
                yield from (Text(""), Text("Its public examples are right. n: the next one", style="green"))
