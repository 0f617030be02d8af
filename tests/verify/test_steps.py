"""The steps of a derivation are true, or named."""

from __future__ import annotations

import numpy as np
import pytest

from grader.verify.steps import wrong_steps

NAMES = {"np": np, "double": lambda x: 2 * x}


def test_steps_that_give_what_is_said_are_right_and_a_text_without_any_too():
    assert wrong_steps("Twice:\n\n>>> y = double(2)\n>>> y\n4\n\nand so on.", NAMES) == ()
    assert wrong_steps("Nothing to run: 3 > 2.", NAMES) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A\n>>> double(2)\n5\n", "`derivation`, line 2: double(2) gives 4, not 5"),
        (">>> double(2)\n", "`derivation`, line 1: double(2) gives 4, not nothing"),
        (">>> y = 1\n2\n", "`derivation`, line 1: y = 1 gives nothing, not 2"),
        (">>> triple(2)\n6\n", "`derivation`, line 1: triple(2) raises NameError: name 'triple' is not defined"),
        (">>>double(2)\n4\n", "`derivation` holds a step that cannot be read: line 1"),
    ],
)
def test_each_that_does_not_is_named_with_its_line(text, told):
    found = wrong_steps(text, NAMES)
    assert len(found) == 1
    assert found[0].startswith(told)
