"""`grader regrade`: what today's checks make of answers that were judged by earlier ones, before anything counts."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from grader.cli.clustered import cluster_options, executor_for
from grader.cli.common import jobs_option, json_option, print_json, whole_course
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.recorded import out_option, record_of, record_option
from grader.cli.terminal import progress
from grader.errors import UsageError
from grader.grading.keys import Keys
from grader.grading.pool import required_by
from grader.grading.reading import Reader
from grader.names import shown
from grader.record.older import older
from grader.record.regrading import change
from grader.record.regrading import regrade as regraded
from grader.record.writing import Writer
from grader.reports.store import Results
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from grader.course.model import Course
    from grader.grading.scheduler import Address
    from grader.record.record import Record
    from grader.record.regrading import Change, Regraded

__all__ = ["regrade"]


@click.command(
    epilog="""\b
Examples:
  grader regrade --dry-run                                     who would change, by how much and why
  grader regrade --exercise sigmoid_grad --dry-run --json
  grader regrade --apply --why "the tolerance was too small"   record it, and write --out
"""
)
@click.option("--dry-run", is_flag=True, help="Record nothing: what is done without --apply.")
@click.option("--apply", "applies", is_flag=True, help="Record it: from then on it counts.")
@click.option("--why", default="", help="What the record says of it; asked for by --apply.")
@click.option(
    "--assignment", "assignments", metavar="A", multiple=True, help="Of this assignment alone; can be given again."
)
@click.option("--exercise", "exercises", metavar="E", multiple=True, help="Of this exercise alone; can be given again.")
@click.option("--student", "students", metavar="S", multiple=True, help="Of this student alone; can be given again.")
@jobs_option()
@cluster_options
@out_option("Where the results go that --apply writes.")
@json_option
@record_option
@click.pass_context
def regrade(  # noqa: PLR0913  one argument for each option
    context: click.Context, *, dry_run: bool, applies: bool, why: str, assignments: tuple[str, ...],
    exercises: tuple[str, ...], students: tuple[str, ...], jobs: int | None, out: Path, as_json: bool, db: str | None,
    cluster: Address | None,
) -> int:  # fmt: skip
    """Run what was handed in again, where it was judged by other checks or limits or another grader than it would be now.

    Shows whose score would be another, check by check, and why. Nothing counts until --apply records it.
    """
    if applies and dry_run:
        raise UsageError("--dry-run records nothing, and --apply does: give one of them")
    if applies and not why.strip():
        raise UsageError('--apply needs a reason, which the record keeps: --why "..."')
    whole = whole_course(context)
    course = whole.select(assignments, exercises)
    with ExitStack() as held:
        record = held.enter_context(record_of(whole, db, must_exist=True))
        known = record.identities()
        if unknown := sorted(set(students) - {student for student, _, _ in known}):
            raise UsageError(f"the record {record.name} has nothing of {', '.join(map(shown, unknown))}")
        results = Results(out)
        if applies:
            held.enter_context(results.locked())
        keys = Keys(whole, store=record)
        grading = held.enter_context(executor_for(whole, keys, jobs, len(known), required_by(course), cluster))
        reader = Reader(whole, keys, grading.start())
        places = [place for place in older(record, course, keys, reader, known) if not students or place[0] in students]
        found: list[Regraded] = []
        with progress("regrading", quiet=as_json) as advance:
            for group in regraded(record, reader, grading, places):
                found.extend(group)
                advance(len(found), len(places))
        found.sort(key=lambda one: (one.before.student, one.before.assignment, one.before.exercise))
        changes = [each for one in found if (each := _change(course, keys, one))]
        if as_json:
            print_json(changes)
        else:
            _show(changes, found, record.name, applies=applies)
        if applies:
            _record(record, found, why, {"assignments": assignments, "exercises": exercises, "students": students})
            Writer(record, whole, results).finish()
    return EXIT_FAULT if any(one.stays for one in found) else 0


def _change(course: Course, keys: Keys, one: Regraded) -> Change | None:
    entry, exercise = one.before, course.exercise(one.before.exercise)
    return change(one, keys.kept(exercise, entry.provenance.key), keys.of(exercise, entry.student))


def _show(changes: Sequence[Change], found: Sequence[Regraded], record: str, *, applies: bool) -> None:
    for each in changes:
        click.echo(f"{shown(each.student)}  {each.exercise}  {each.before} -> {each.after}")
        for check in each.checks:
            click.echo(
                f"  {check.check}: {check.before or 'was not there'} -> {check.after or 'is not there'} ({check.why})"
            )
    unknown, unjudged = sum(one.after is None for one in found), sum(one.stays for one in found)
    same = len(found) - len(changes) - unknown - unjudged
    click.echo(
        f"{count_of(len(found), 'result')} of {record} judged by other checks or limits, or another grader: {len(changes)} "
        f"{'changed' if applies else 'would change'}, {same} the same"
        + f"; of {unknown} it is not known what was handed in" * bool(unknown)
        + f"; {unjudged} could not be judged, and stay" * bool(unjudged)
    )
    if found and not applies:
        click.echo('nothing is recorded: `grader regrade --apply --why "..."` does that')


def _record(record: Record, found: Sequence[Regraded], why: str, asked: Mapping[str, object]) -> None:
    """Record all of it, also what is the same: it is of now."""
    record.begin_run("regrade", "")
    record.act("regrade", why, {**asked, "results": len(found)})
    groups: dict[tuple[str, str], list[Regraded]] = {}
    for one in found:
        groups.setdefault((one.before.student, one.before.assignment), []).append(one)
    for group in groups.values():
        if new := [one.new for one in group if one.new is not None]:
            record.add(new)
    record.flush()
