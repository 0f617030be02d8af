"""A judged exercise as a cell's outputs: a score that nbgrader reads, and what a student may see. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from nbformat import from_dict

from grader.judging.verdicts import Verdict
from grader.reports.pages import groups, points, template, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbformat import NotebookNode

    from grader.for_nbgrader.judging import Judged
    from grader.judging.verdicts import CheckResult

__all__ = ["handed_in_outputs", "judged_outputs", "not_isolated_output", "unjudged_output"]

_MAX_BYTES = 100_000
"""What an exercise may fill in a notebook; nbgrader limits lines, and a line can be of any length."""

_MAX_KEPT = 4 * 2**20
"""What the outputs of a cell that are kept may fill: some figures."""

_SHOWN = frozenset(
    ["image/jpeg", "image/png", "image/svg+xml", "text/html", "text/latex", "text/markdown", "text/plain"]
)
"""What can be looked at, and runs nothing once a page has made it inert."""

_NOT_RUN = "Output as it was handed in: this cell was not run again."

_NOT_ISOLATED = "This cell ran in a kernel, not isolated from the code above it."

_CUT = "\n... cut off here: the feedback is too long"


def unjudged_output() -> NotebookNode:
    """An error: what a test cell holds until it is judged, since nbgrader takes no output for full marks."""
    message = "this cell has not been judged"
    return _output("error", ename="NotJudged", evalue=message, traceback=[f"NotJudged: {message}"])


def not_isolated_output() -> NotebookNode:
    """What a test cell says that a kernel ran, after all else that it holds: nbgrader reads no score from it."""
    return _remark(_NOT_ISOLATED)


def handed_in_outputs(outputs: Iterable[Any]) -> list[NotebookNode]:
    """The outputs that a student's cell had, as far as they can be looked at, after a remark on what they are."""
    kept = [found for each in outputs if (found := _kept(each)) is not None]
    if sum(_size(each) for each in kept) > _MAX_KEPT:
        return [_remark(f"The output that was handed in is larger than {_MAX_KEPT >> 20} MiB, and was left out.")]
    return [_remark(_NOT_RUN), *kept] if kept else []


def _kept(output: Any) -> NotebookNode | None:
    """An output that is text or a picture, without what else it says of itself."""
    match output:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
            return _output("stream", name=name, text=text)
        case {"output_type": "error", "ename": str(ename), "evalue": str(evalue), "traceback": [*lines]}:
            return _output(
                "error", ename=ename, evalue=evalue, traceback=[line for line in lines if isinstance(line, str)]
            )
        case {"output_type": "display_data" | "execute_result", "data": {**data}}:
            shown = {kind: text for kind, text in data.items() if kind in _SHOWN and isinstance(text, str)}
            return _output("display_data", data=shown, metadata={}) if shown else None
    return None


def _size(output: NotebookNode) -> int:
    return len(str(output))


def _remark(text: str) -> NotebookNode:
    return _output("display_data", data={"text/plain": text, "text/html": f"<p><em>{text}</em></p>"}, metadata={})


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
        result=judged.result, earned=judged.earned, possible=judged.possible, written=judged.written,
        verdict=_verdict(judged), checks=_of_judge(judged), by_hand=_of_person(judged),
    )  # fmt: skip
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


def _of_judge(judged: Judged) -> list[CheckResult]:
    """The checks whose points the judge gives."""
    return [check for check in judged.result.checks if check.name not in judged.by_hand]


def _of_person(judged: Judged) -> list[CheckResult]:
    """The checks whose points a person gives: what the judge makes of them is no word on these points."""
    return [check for check in judged.result.checks if check.name in judged.by_hand]


def _verdict(judged: Judged) -> Verdict:
    """The verdict on what the judge gives points for."""
    return Verdict.of(check.verdict for check in _of_judge(judged) or judged.result.checks)


def _text(judged: Judged) -> str:
    result = judged.result
    lines = [
        f"{result.exercise}: {points(judged.earned)} of {points(judged.possible)} points ({words(_verdict(judged))})"
    ]
    if judged.written:
        lines.append(f"Up to {points(judged.written)} more for your words: a person reads them and gives these points")
    for group in groups(_of_judge(judged)):
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
    for check in _of_person(judged):
        lines.append(f"  {check.claim} (for a person to say)")
        lines += [f"    {line}" for line in check.feedback.splitlines()]
    lines += [f"The one change that makes it right: {result.not_searched}."] if result.not_searched else []
    lines += [f"Note: {note}." for note in result.notes]
    return "\n".join(lines)
