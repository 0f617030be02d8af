"""Certify the inputs: no registered wrong formula comes so near to the reference that rounding could hide it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.building.together import leaves
from grader.judging.compare import Difference, compare, conform
from grader.wire.values import Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.wire.values import Value

__all__ = ["too_near"]

_NEAR = 1e-3
"""A wrong answer that is nearer than this share of the largest expected entry is told apart by luck."""

_BY_JUDGE = "told from right answers by the check's own judge alone, no value is compared"
_BY_FLAGS = 'told from right answers by floating-point errors alone (errstate="raise"), no value differs'


def too_near(key: AnswerKey) -> tuple[list[str], list[str]]:
    """A fault for each misconception that comes too near to the reference, on all cases of all checks with points.

    And a remark on those that no value sets apart: by a property that a judge looks at, or by floating-point flags.
    """
    faults: list[str] = []
    marked: dict[str, list[str]] = {}
    for name in key.misconceptions:
        answers = [
            (check, case, case.wrong[name])
            for check in key.checks
            for case in check.cases
            if check.points and name in case.wrong
        ]
        furthest = max((_distance(*answer) for answer in answers if not answer[0].judge), default=0.0)
        if furthest > _NEAR:
            continue
        if any(check.judge for check, _, _ in answers):
            marked.setdefault(_BY_JUDGE, []).append(name)
        elif any(check.strict and wrong is None for check, _, wrong in answers):
            marked.setdefault(_BY_FLAGS, []).append(name)
        elif answers:
            faults.append(
                f"misconception {name!r} comes within {furthest:.1e} of the reference wherever there are points;"
                " add a case on which it is further off"
            )
    return faults, [f"{', '.join(names)}: {mark}" for mark, names in marked.items()]


def _distance(check: CheckKey, case: CaseKey, wrong: Value | None) -> float:
    """How far a wrong answer is off, as a share of the largest expected entry; infinite for another form."""
    if wrong is None:
        return 0.0 if check.strict else np.inf
    mismatch = compare(case.expected, wrong, case.precision)
    if mismatch is None or mismatch.kind is not Difference.VALUE:
        return 0.0 if mismatch is None else np.inf
    pairs = zip(leaves(conform(case.expected, case.expected)), leaves(conform(case.expected, wrong)), strict=True)
    return max(_apart(want, got) for want, got in pairs)


def _apart(want: Value, got: Value) -> float:
    """The largest difference of two leaves; infinite beside nan and inf, and for another text."""
    if not (isinstance(want, Array) and isinstance(got, Array)):
        return 0.0 if want == got else np.inf
    return _share(want.numpy(), got.numpy())


def _share(want: NDArray[Any], got: NDArray[Any]) -> float:
    with np.errstate(all="ignore"):
        off = np.abs(np.where(want == got, 0, np.subtract(got, want, dtype=complex))).max(initial=0.0)
        share = float(off / np.abs(want).max(initial=0.0)) if off else 0.0
    return share if np.isfinite(share) else np.inf
