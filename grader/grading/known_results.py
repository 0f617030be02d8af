"""What outcomes came to before: the answers of a class are often alike to the last bit, the wrong ones too."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from grader.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.judging.verdicts import ExerciseResult
    from grader.wire import messages as wire

__all__ = ["KnownResults"]

_MOST = 1000
"""How many are kept: a result is some kilobytes."""


class KnownResults:
    """Of one process, for as long as a class is graded. Judging is pure: by one key, the same outcomes come to the same."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._results: dict[bytes, ExerciseResult] = {}

    def result(
        self, digest: str, outcomes: Sequence[Sequence[wire.Outcome]], judged: Callable[[], ExerciseResult]
    ) -> ExerciseResult:
        """What outcomes come to by the key with this digest: judged now, if they are new. Raises what judging raises."""
        name = hashlib.sha256(msgspec.msgpack.encode((digest, outcomes))).digest()
        result = self._results.get(name)
        if result is None:
            result = judged()
            if result.verdict is not Verdict.JUDGE_ERROR:  # which the next one may be without
                if len(self._results) >= _MOST:
                    self._results.clear()
                self._results[name] = result
        return result
