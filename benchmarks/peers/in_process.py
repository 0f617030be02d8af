"""Grade one student's files in a bare process: the folder of the plain checks, the student's, OUT.json.

Each answer is imported, and the checks called: no test library, no isolation, no limits.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

from loading import asked, load


def main(checks: str, student: str, out: str) -> None:
    """Write the student's points by exercise."""
    scores = {}
    for exercise, names in asked(checks).items():
        earned = load(checks, f"{exercise}_checks").earned
        function = getattr(load(student, exercise), exercise)
        scores[exercise] = 0.0
        for name in names:
            with contextlib.suppress(Exception):
                scores[exercise] += sum(earned(name, function).values())
    Path(out).write_text(json.dumps(scores), encoding="utf-8")


main(*sys.argv[1:])
