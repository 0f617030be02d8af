"""The folder that people look at: reports, the pages that students get, and grades.csv. Written from a record, never read."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError
from grader.files import locked, write_atomically
from grader.reports.feedback import feedback_page
from grader.reports.grades_csv import is_grades_csv, to_csv
from grader.reports.report import decode_report, encode_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from grader.reports.about import About
    from grader.reports.grades_csv import GradeRow
    from grader.reports.report import Report
    from grader.reports.visible import Moment

__all__ = ["Results", "Stamp", "reports_in"]

_GRADES, _STAMP, _LOCK = "grades.csv", ".written", ".lock"


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a folder of results: all that a record had by then."""

    record: str
    course: str
    """A hash of the course's exercises, in their order."""
    grader: str
    """The exact version: another one may word a page otherwise."""
    result: int
    edit: int
    act: int = 0
    """How far the record had grown."""
    rules: str = ""
    """A hash of the rules of the term, and of who is in which team."""
    shown: dict[str, tuple[bool, bool]] = {}
    """Of each assignment, whether it was over and whether it was published: what pages may show depends on it."""


class Results:
    """A folder of results."""

    def __init__(self, out: Path) -> None:
        """Read nothing, and write nothing yet."""
        self.out = out
        self.grades = out / _GRADES

    @contextmanager
    def locked(self, *, earlier: bool = False) -> Iterator[None]:
        """Keep others from writing here. Raises UsageError where somebody does, or nobody can, or what is here is another's.

        So that this is found out before the work, and not after it. What an `earlier` version wrote may be here.
        """
        busy = f"another run writes its results into {self.out}: wait for it to end, or choose another --out"
        with ExitStack() as held:
            try:
                self.out.mkdir(parents=True, exist_ok=True)
                held.enter_context(locked(self.out / _LOCK, busy))
                if not earlier:
                    self._require_ours()
                    # Before the first report, for a run that is killed among them leaves reports that are in a record.
                    self.claim()
            except OSError as error:
                raise UsageError(
                    f"--out {self.out} cannot be written ({error.strerror}); choose another folder"
                ) from None
            yield

    def _require_ours(self) -> None:
        """Write over nothing that no record has."""
        if self.grades.is_file() and not is_grades_csv(self.grades.read_bytes()):
            raise UsageError(f"{self.grades} is not a grades.csv of this grader; move it away, or choose another --out")
        if self.stamp() is None and any((self.out / "reports").glob("*/*.json")):
            raise UsageError(
                f"{self.out} has reports that no record has, of an earlier version of the grader: take them in with `grader "
                f"record import {self.out}`, move them away, or choose another --out"
            )

    def stamp(self) -> Stamp | None:
        """What the folder was written from; None where that is not known."""
        try:
            return msgspec.json.decode((self.out / _STAMP).read_bytes(), type=Stamp)
        except (OSError, msgspec.MsgspecError):
            return None

    def write_stamp(self, stamp: Stamp) -> None:
        """Say what is here. Raises OSError."""
        write_atomically(self.out / _STAMP, msgspec.json.encode(stamp) + b"\n")

    def claim(self) -> None:
        """Say that all that is here is in a record: it may be written over. Raises OSError."""
        if self.stamp() is None:
            self.write_stamp(Stamp(record="", course="", grader="", result=0, edit=0))

    def has(self, student: str, assignment: str) -> bool:
        """Whether there is a report and a page."""
        return self._report(student, assignment).is_file() and self._page(student, assignment).is_file()

    def write(self, report: Report, moment: Moment, about: About) -> None:
        """Write a report and its page, as it is at a moment; the record can make both again. Raises OSError."""
        write_atomically(self._report(report.student, report.assignment), encode_report(report), lasting=False)
        self.write_page(report, moment, about)

    def write_page(self, report: Report, moment: Moment, about: About) -> None:
        """Write the page alone. Raises OSError."""
        page = feedback_page(report, moment, about).encode()
        write_atomically(self._page(report.student, report.assignment), page, lasting=False)

    def write_grades(self, rows: Iterable[GradeRow]) -> None:
        """Write grades.csv. Raises OSError."""
        write_atomically(self.grades, to_csv(rows))

    def _report(self, student: str, assignment: str) -> Path:
        return self.out / "reports" / student / f"{assignment}.json"

    def _page(self, student: str, assignment: str) -> Path:
        return self.out / "feedback" / student / f"{assignment}.html"


def reports_in(out: Path) -> Iterator[Report]:
    """The reports in a folder that an earlier version has written, by student and assignment.

    Raises UsageError for a file that is no report, or a newer one.
    """
    for path in sorted((out / "reports").glob("*/*.json")):
        try:
            yield decode_report(path.read_bytes(), path)
        except msgspec.MsgspecError as error:
            raise UsageError(f"{path} is not a report of this grader ({error}); move it away") from None
