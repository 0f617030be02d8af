"""Grade one student's files as a Gradescope autograder does: the folder of the plain checks, the student's, OUT.json.

A unittest with gradescope-utils' weights for each check, in a process of its own.
"""

from __future__ import annotations

import sys
import unittest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gradescope_utils.autograder_utils.decorators import partial_credit
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner
from loading import asked, load

if TYPE_CHECKING:
    from collections.abc import Callable


def test(earned: Callable[..., dict[str, float]], function: Callable[..., Any], name: str, points: float) -> Any:
    """A test of one check, with what it is worth."""

    @partial_credit(points)
    def method(_: unittest.TestCase, set_score: Any = None) -> None:
        set_score(0.0)  # what stays where the answer raises
        set_score(sum(earned(name, function).values()))

    method.__doc__ = f"{function.__name__} {name}"
    return method


def main(checks: str, student: str, out: str) -> None:
    """Write what Gradescope reads."""
    suite = unittest.TestSuite()
    for exercise, names in asked(checks).items():
        earned = load(checks, f"{exercise}_checks").earned
        function = getattr(load(student, exercise), exercise)
        methods = {f"test_{name}": test(earned, function, name, points) for name, points in names.items()}
        case = type(exercise, (unittest.TestCase,), methods)
        suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    with Path(out).open("w", encoding="utf-8") as file:
        JSONTestRunner(stream=file).run(suite)


main(*sys.argv[1:])
