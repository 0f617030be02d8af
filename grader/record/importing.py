"""Take in what earlier versions left in a folder: results, without what was handed in for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.record.rows import Judgement, New
from grader.reports.store import reports_in

if TYPE_CHECKING:
    from pathlib import Path

    from grader.record.record import Record

__all__ = ["import_results"]


def import_results(record: Record, out: Path, why: str) -> tuple[int, int]:
    """Add the results in a folder; how many were added, and how many stay out, since the record has what counts as much.

    Raises UsageError for a report that is none, or of a newer grader, and then has added nothing.
    """
    found = list(reports_in(out))
    known = record.identities()
    record.begin_run("record import", "")
    added, total = 0, sum(len(report.exercises) for report in found)
    for report in found:
        new = [
            New(
                student=report.student, assignment=report.assignment, exercise=each.exercise, name="", data=None,
                submitted_at=each.submitted_at, place=each.place,
                judgement=Judgement(result=each.result(), provenance=each.provenance, program=each.program),
            )
            for each in report.exercises
        ]  # fmt: skip
        before = [known.get((one.student, one.assignment, one.exercise)) for one in new]
        due = [
            one
            for one, earlier in zip(new, before, strict=True)
            if earlier is None or (isinstance(one.judgement, Judgement) and earlier.rank < one.judgement.rank)
        ]
        if due:
            record.add(due)
        added += len(due)
    record.act("import", why, {"from": str(out.resolve()), "results": added})
    record.flush()
    return added, total - added
