"""Measures what the model needs: classes of two sizes are graded, the difference is what a student takes, and the rest what a run does."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import memory
from peers.answers import answers, student_name
from peers.layouts import ASSIGNMENT
from peers.machine import run

from scale.model import Costs, fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from peers.machine import Taken

__all__ = ["Class", "Measured", "measure", "write_answers"]

_RUN = Path(__file__).with_name("in_run.py")


@dataclass(frozen=True, slots=True)
class Class:
    """Where a class hands in, and where it is graded."""

    place: Path
    course: Path
    jobs: int
    group: Path | None

    @property
    def submitted(self) -> Path:
        """Where students' folders come."""
        return self.place / "submitted"

    @property
    def record(self) -> Path:
        """The record."""
        return self.place / "record.sqlite"

    @property
    def reports(self) -> Path:
        """The folder of what is written for people."""
        return self.place / "out"

    @property
    def arguments(self) -> list[str]:
        """What `grader` is called with."""
        return [
            "--course", str(self.course), "grade", str(self.submitted), "--jobs", str(self.jobs), "--quiet", "--no-repair",
            "--out", str(self.reports), "--db", str(self.record),
        ]  # fmt: skip

    def grade(self) -> tuple[Taken, float]:
        """Grade what is there: what all of it took, and the processor seconds of the run's own process."""
        told = self.place / "own"
        taken = run([sys.executable, str(_RUN), str(told), *self.arguments], self.place, self.group)
        return taken, float(told.read_text(encoding="ascii"))

    def empty(self) -> None:
        """Take away everything that a run left."""
        shutil.rmtree(self.reports, ignore_errors=True)
        for path in self.place.glob("record.sqlite*"):
            path.unlink()


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found."""

    costs: Costs
    rows: dict[str, float]
    """Of the record's tables, for each student."""
    record: float
    """Bytes of the record for each student."""
    written: float
    """Bytes of reports and pages for each student."""
    memory: dict[str, tuple[float, float]]
    """MiB at most by kind of process, with few students and with many."""


def write_answers(folder: Path, numbers: Iterable[int]) -> None:
    """Students' files, a folder for each student."""
    for number in numbers:
        for exercise, source in answers(number).items():
            path = folder / student_name(number) / ASSIGNMENT / f"{exercise}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")


def measure(a_class: Class, sizes: tuple[int, int]) -> Measured:
    """Grade few students and many; both with a new record, with nothing new, and many where few are known."""
    cold, again, rows, record, written, memories = ([] for _ in range(6))
    for students in sizes:
        write_answers(a_class.submitted, range(students))
        memories.append(memory([str(Path(sys.executable).with_name("grader")), *a_class.arguments], a_class.place))
        a_class.empty()
        cold.append(a_class.grade())
        again.append(a_class.grade()[0].seconds)
        rows.append(_rows(a_class.record))
        record.append(a_class.record.stat().st_size)
        written.append(sum(path.stat().st_size for path in a_class.reports.rglob("*") if path.is_file()))
    few, many = sizes

    def slope(values: Sequence[float]) -> float:
        return fitted((few, values[0]), (many, values[1]))[1]

    own = slope([each for _, each in cold])
    known = slope(again)
    job = slope([taken.processor - each for taken, each in cold])
    grow = slope([taken.seconds for taken, _ in cold])
    costs = Costs(start=_start(a_class, sizes, known, grow), known=known, run=own, job=job)
    return Measured(
        costs, {name: slope([each[name] for each in rows]) for name in rows[0]}, slope(record), slope(written),
        {name: (memories[0].get(name, 0.0), memories[1][name]) for name in sorted(memories[1])},
    )  # fmt: skip


def _start(a_class: Class, sizes: tuple[int, int], known: float, each: float) -> float:
    """The seconds that a run takes besides its students, where keys are compiled already."""
    few, many = sizes
    shutil.rmtree(a_class.submitted)
    a_class.empty()
    write_answers(a_class.submitted, range(few))
    a_class.grade()
    write_answers(a_class.submitted, range(few, many))
    taken, _ = a_class.grade()
    return max(0.0, taken.seconds - known * few - each * (many - few))


def _rows(record: Path) -> dict[str, int]:
    with closing(sqlite3.connect(record)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
