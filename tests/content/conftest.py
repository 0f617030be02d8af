"""What the tests of the course's content share."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING

import pytest

from grader.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def sandbox_with() -> Iterator[Callable[[tuple[str, ...]], Sandbox]]:
    """The sandbox with some packages: one each, since starting it takes longer than most answers, which share nothing in it."""
    with contextlib.ExitStack() as stack:
        yield functools.cache(lambda packages: stack.enter_context(Sandbox(packages)))
