"""How grades came about, in lines. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from grader.names import shown
from grader.record.rows import EARLIER, NOTHING_FOUND, UNJUDGED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from grader.record.rows import Event

__all__ = ["never_found", "told", "why"]

_DIGITS = 8
"""How many digits of a hash tell one content from another."""


def never_found(history: Iterable[Event]) -> set[tuple[str, str]]:
    """The assignments and exercises to which no answer was ever found."""
    ranks: dict[tuple[str, str], set[int]] = defaultdict(set)
    for event in history:
        ranks[event.assignment, event.exercise].add(event.rank)
    return {place for place, found in ranks.items() if found == {NOTHING_FOUND}}


def told(history: Iterable[Event], counting: Collection[int]) -> Iterator[str]:
    """A line for each result, in the order in which they were recorded; `counting` are the numbers of those that count."""
    counted: dict[tuple[str, str], Event] = {}
    for event in history:
        place = event.assignment, event.exercise
        content = f"content {event.content[:_DIGITS]}" if event.content else "no content"
        counts = "; this counts" if event.result_id in counting else ""
        edited = f"; an edit was found at {event.edited_at}" if event.edited_at else ""
        yield (
            f"{event.at}  run {event.run.id} ({shown(event.run.command)}, by {shown(event.run.who)})  {event.assignment}/"
            f"{event.exercise}  {content}  {event.score:g} of {event.max_score:g} {event.verdict}: "
            f"{why(event, counted.get(place))}{edited}{counts}"
        )
        if place not in counted or event.rank >= counted[place].rank:
            counted[place] = event


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
    if event.rank == UNJUDGED:
        causes.append("it could not be judged")
    return ", ".join(causes) or "judged again"
