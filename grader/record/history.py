"""How grades came about, in lines. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from grader.names import shown
from grader.record.decisions import MARK
from grader.record.rows import EARLIER, NOT_JUDGED, NOTHING_FOUND
from grader.reports.marks import EXTRA, OVERALL
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from grader.record.rows import Act, Event, Tried

__all__ = ["never_found", "told", "why"]

_DIGITS = 8
"""How many digits of a hash tell one content from another."""


_WHOLE = {OVERALL: "in the place of the judge's points", EXTRA: "extra credit"}
"""What a mark is for that is of no check."""


def never_found(history: Iterable[Event]) -> set[tuple[str, str]]:
    """The assignments and exercises to which no answer was ever found."""
    ranks: dict[tuple[str, str], set[int]] = defaultdict(set)
    for event in history:
        ranks[event.assignment, event.exercise].add(event.rank)
    return {place for place, found in ranks.items() if found == {NOTHING_FOUND}}


def told(history: Iterable[Event], counting: Mapping[int, Tried], acts: Iterable[Act] = ()) -> Iterator[str]:
    """A line for each result and each act, in the order in which they were recorded.

    `counting` is what counts by now, by the numbers of the results that it comes of; `acts` is what people decided of it.
    """
    counted: dict[tuple[str, str], Event] = {}
    lines = []
    for event in history:
        place = event.assignment, event.exercise
        content = f"content {event.content[:_DIGITS]}" if event.content else "no content"
        counts = _counts(event, counting.get(event.result_id))
        edited = f"; an edit was found at {event.edited_at}" if event.edited_at else ""
        line = (
            f"{event.at}  run {event.run.id} ({shown(event.run.command)}, by {shown(event.run.who)})  {event.assignment}/"
            f"{event.exercise}  {content}  {event.score:g} of {event.max_score:g} {event.verdict}: "
            f"{why(event, counted.get(place))}{edited}{counts}"
        )
        lines.append((event.at, line))
        if place not in counted or event.rank >= counted[place].rank:
            counted[place] = event
    lines += [(act.at, _decided(act)) for act in acts]
    yield from (line for _, line in sorted(lines, key=lambda each: each[0]))


def _counts(event: Event, tried: Tried | None) -> str:
    """Whether a result counts, and what it comes to where people have given points."""
    if tried is None:
        return ""
    if tried.waiting:
        return "; this counts, and waits for a person's points"
    if (tried.score, tried.verdict) == (event.score, event.verdict):
        return "; this counts"
    return f"; this counts, with a person's points {tried.score:g} of {tried.max_score:g} {tried.verdict}"


def _decided(act: Act) -> str:
    """What a person decided, in a line."""
    details = act.details
    why = f": {shown(act.why)}" if act.why else ""
    if act.kind == MARK:
        check = _WHOLE.get(details["check"], details["check"])
        what = f"{details['exercise']}  {check}: "
        if details["points"] is None:
            return f"{act.at}  {act.kind} by {shown(details.get('by') or act.who)}  {what}taken back"
        what += count_of(details["points"], "point")
        comment = f", {shown(details['comment'])!r}" if details.get("comment") else ""
        return f"{act.at}  {act.kind} by {shown(details.get('by') or act.who)}  {what}{comment}{why}"
    until = f" until {details['until']}" if "until" in details else ""
    withdrawn = " taken back" if details.get("withdrawn") else ""
    return f"{act.at}  {act.kind} by {shown(act.who)}  {details['assignment']}  {shown(details['who'])}{until}{withdrawn}{why}"


def why(event: Event, before: Event | None) -> str:
    """Why a result was recorded, after another one that counted until then, or none."""
    causes = []
    if event.act:
        causes.append(f"{event.act.kind} by {shown(event.act.who)}: {shown(event.act.why)}")
    if event.rank == EARLIER:
        causes.append("handed in before what is graded: only a rule of the term makes it count")
    elif event.rank == NOTHING_FOUND:
        causes.append("nothing was found")
    elif before is None:
        causes.append("the first result")
    else:
        if event.content != before.content:
            causes.append("a new answer")
        elif (event.name, event.submitted_at, event.place) != (before.name, before.submitted_at, before.place):
            causes.append("the same answer, found otherwise")
        if event.key != before.key:
            causes.append("the checks have changed")
        if event.grader != before.grader:
            causes.append("another grader")
    if event.rank == NOT_JUDGED:
        causes.append("it could not be judged")
    return ", ".join(causes) or "judged again"
