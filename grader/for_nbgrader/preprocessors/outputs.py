"""A judged exercise as a cell's outputs: a score that nbgrader reads, and what a student may see. Pure."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace
from nbformat import from_dict

from grader.for_nbgrader.judging import Judged
from grader.judging.verdicts import Verdict
from grader.reports.cited import in_html
from grader.reports.feedback import Row, row_of
from grader.reports.pages import groups, points, template, words
from grader.reports.visible import OTHERS_COUNT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbformat import NotebookNode

    from grader.judging.verdicts import CheckResult

__all__ = ["handed_in_outputs", "judged_in", "judged_outputs", "not_isolated_output", "unjudged_output"]

_MAX_BYTES = 100_000
"""What an exercise may fill in a notebook; nbgrader limits lines, and a line can be of any length."""

_MAX_FEEDBACK = 10_000
"""What the feedback on a check may fill, of what is kept for a page."""

_MAX_KEPT = 4 * 2**20
"""What the outputs of a cell that are kept may fill: some figures."""

_RESULT = "application/vnd.neural-calculus.result+json"
"""The form of an output that a page is made of, and that no page shows."""

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
        verdict=_verdict(judged), rows=_rows(judged), by_hand=_seen(_of_person(judged)), unseen=_unseen(judged),
    )  # fmt: skip
    shown = {"text/plain": _limited(text), _RESULT: json.loads(msgspec.json.encode(_told(judged)))}
    if len(html.encode()) <= _MAX_BYTES:  # half a page of HTML is no page
        shown["text/html"] = html
    return [
        _output("display_data", data=shown, metadata={}),
        _output(
            "execute_result", data={"text/plain": repr(min(max(score, 0.0), most))}, execution_count=None, metadata={}
        ),
    ]


def judged_in(outputs: Iterable[Any]) -> Judged | None:
    """What `judged_outputs` left of an exercise for the page on it; None where it left nothing."""
    for output in outputs:
        if (data := output.get("data", {}).get(_RESULT)) is not None:
            return msgspec.json.decode(json.dumps(data), type=Judged)
    return None


def _told(judged: Judged) -> Judged:
    """What a page may need: nothing of what is for the instructor alone, and of a check that is never seen its points."""
    checks = [
        replace(
            each, claim=each.claim if seen else "", feedback=_limited(each.feedback, _MAX_FEEDBACK) if seen else "", kept="",
            misconceptions=(), group="", diagnosis=None, example=each.example if seen else msgspec.UNSET,
        )
        for each in judged.result.checks
        for seen in [each.visibility != "hidden"]
    ]  # fmt: skip
    notes = judged.result.notes
    if judged.result.not_searched:
        notes = (*notes, f"the one change that makes it right: {judged.result.not_searched}")
    result = replace(judged.result, checks=tuple(checks), notes=notes, fault="", not_searched="")
    return msgspec.structs.replace(judged, result=result)


def _limited(text: str, most: int = _MAX_BYTES) -> str:
    data = text.encode(errors="replace")
    return text if len(data) <= most else data[:most].decode(errors="ignore") + _CUT


def _of_judge(judged: Judged) -> list[CheckResult]:
    """The checks whose points the judge gives."""
    return [check for check in judged.result.checks if check.name not in judged.by_hand]


def _of_person(judged: Judged) -> list[CheckResult]:
    """The checks whose points a person gives: what the judge makes of them is no word on these points."""
    return [check for check in judged.result.checks if check.name in judged.by_hand]


def _seen(checks: Iterable[CheckResult]) -> list[CheckResult]:
    """Those that students see at all: when they see a notebook's feedback is in nbgrader's hands."""
    return [check for check in checks if check.visibility != "hidden"]


def _unseen(judged: Judged) -> str:
    return "" if len(_seen(judged.result.checks)) == len(judged.result.checks) else OTHERS_COUNT


def _rows(judged: Judged) -> list[Row]:
    """What the page that `grader grade` makes has of each check, too."""
    return [row_of(each, in_html(each[0].feedback, (), {})) for each in groups(_seen(_of_judge(judged)))]


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
    for group in groups(_seen(_of_judge(judged))):
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
    for check in _seen(_of_person(judged)):
        lines.append(f"  {check.claim} (for a person to say)")
        lines += [f"    {line}" for line in check.feedback.splitlines()]
    lines += [unseen] if (unseen := _unseen(judged)) else []
    lines += [f"The one change that makes it right: {result.not_searched}."] if result.not_searched else []
    lines += [f"Note: {note}." for note in result.notes]
    return "\n".join(lines)
