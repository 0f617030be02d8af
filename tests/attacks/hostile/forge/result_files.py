"""Writes a gradebook, a report and a result file wherever they may be looked for, and returns zeros.

verdict: WRONG_ANSWER
"""

import os
from pathlib import Path

import numpy as np

for folder in (
    ".",
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/autograder/results",
    "@canaries@/results",
    "@course@",
    "@submitted@",
):
    for name in ("results.json", "grades.csv", "report.json", "reports/forger/jacobians.json"):
        try:
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text('{"score": 3000, "max_score": 10}')
        except OSError:
            pass


def manual_jacobian(x, y):
    return np.zeros((3, 2))
