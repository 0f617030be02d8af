"""A judged exercise as a cell's outputs: a score that nbgrader reads, and what a student may see. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from nbformat import from_dict

from grader.reports.pages import groups, points, template, words

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.for_nbgrader.judging import Judged

__all__ = ["judged_outputs", "not_isolated_output", "unjudged_output"]

_MAX_BYTES = 100_000
"""What an exercise may fill in a notebook; nbgrader limits lines, and a line can be of any length."""

_NOT_ISOLATED = "This cell ran in a kernel, not isolated from the code above it."

_CUT = "\n... cut off here: the feedback is too long"


def unjudged_output() -> NotebookNode:
    """An error: what a test cell holds until it is judged, since nbgrader takes no output for full marks."""
    message = "this cell has not been judged"
    return _output("error", ename="NotJudged", evalue=message, traceback=[f"NotJudged: {message}"])


def not_isolated_output() -> NotebookNode:
    """What a test cell says that a kernel ran, after all else that it holds: nbgrader reads no score from it."""
    return _output(
        "display_data", data={"text/plain": _NOT_ISOLATED, "text/html": f"<p><em>{_NOT_ISOLATED}</em></p>"}, metadata={}
    )


def _output(kind: str, **content: Any) -> NotebookNode:
    """An output as nbformat makes it, which would validate each; the whole notebook is validated in the end."""
    made: NotebookNode = from_dict({"output_type": kind, **content})
    return made


def judged_outputs(judged: Judged, most: float) -> list[NotebookNode]:
    """What a student may see, as HTML and as text, then the score, from 0 to `most`.

    nbgrader takes the first execute_result for the score: a plain, finite float, or everybody gets full marks.
    """
    score = judged.earned if math.isfinite(judged.earned) else 0.0
    text = _text(judged)
    html = template("grader.for_nbgrader", "cell.html").render(
        result=judged.result, earned=judged.earned, possible=judged.possible, written=judged.written
    )
    shown = {"text/plain": _limited(text)}
    if len(html.encode()) <= _MAX_BYTES:  # half a page of HTML is no page
        shown["text/html"] = html
    return [
        _output("display_data", data=shown, metadata={}),
        _output(
            "execute_result", data={"text/plain": repr(min(max(score, 0.0), most))}, execution_count=None, metadata={}
        ),
    ]


def _limited(text: str) -> str:
    data = text.encode(errors="replace")
    return text if len(data) <= _MAX_BYTES else data[:_MAX_BYTES].decode(errors="ignore") + _CUT


def _text(judged: Judged) -> str:
    result = judged.result
    lines = [
        f"{result.exercise}: {points(judged.earned)} of {points(judged.possible)} points ({words(result.verdict)})"
    ]
    if judged.written:
        lines.append(f"{points(judged.written)} more for your words, which a person reads")
    for group in groups(result.checks):
        check = group[0]
        accepted = check.verdict == "ACCEPTED"
        claims = "; ".join(each.claim for each in group)
        verdict = "" if accepted else f", {words(check.verdict)}"
        earned, possible = (
            points(math.fsum(getattr(each, name) for each in group)) for name in ("points", "max_points")
        )
        kind = "public" if check.public else "hidden"
        lines.append(f"{'+' if accepted else '-'} {claims} ({kind}{verdict}; {earned} / {possible})")
        lines += [f"    {line}" for line in check.feedback.splitlines()]
    lines += [f"Note: {note}." for note in result.notes]
    return "\n".join(lines)
