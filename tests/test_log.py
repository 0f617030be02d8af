"""What the grader says of itself: nothing but warnings, unless it is asked."""

from __future__ import annotations

import io
import logging
import sys
from typing import TYPE_CHECKING

import pytest

from grader.log import configure, reraises

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger("grader.judging.judge")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    configure(verbose=False, debug=False)


@pytest.mark.parametrize(
    ("verbose", "debug", "said"),
    [
        (False, False, ["warning"]),
        (True, False, ["info", "warning"]),
        (False, True, ["debug", "info", "warning"]),
        (True, True, ["debug", "info", "warning"]),
    ],
)
def test_each_line_names_its_module_and_is_said_once(capsys, *, verbose: bool, debug: bool, said: list[str]) -> None:
    for _ in range(2):
        configure(verbose=verbose, debug=debug)
    log.debug("debug")
    log.info("info")
    log.warning("warning")
    assert capsys.readouterr().err.splitlines() == [f"grader.judging.judge: {word}" for word in said]
    assert reraises() is debug


def test_a_line_goes_to_what_stderr_is_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a progress bar needs it, which puts itself in its place."""
    configure(verbose=True, debug=False)
    there = io.StringIO()
    monkeypatch.setattr(sys, "stderr", there)
    log.info("here")
    assert there.getvalue() == "grader.judging.judge: here\n"


def test_an_exception_is_said_with_its_traceback(capsys) -> None:
    configure(verbose=True, debug=False)
    try:
        raise ValueError("three")  # noqa: TRY301  it has to be caught here
    except ValueError:
        log.info("judging failed", exc_info=True)
    err = capsys.readouterr().err
    assert err.startswith("grader.judging.judge: judging failed\nTraceback")
    assert err.endswith("ValueError: three\n")


def test_a_stderr_that_is_gone_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    configure(verbose=True, debug=False)
    monkeypatch.setattr(sys, "stderr", None)
    log.info("nobody hears it")


def test_nothing_is_raised_again_where_nothing_was_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that uses the grader, and logs everything of its own, has asked for no traceback."""
    monkeypatch.setattr(logging.getLogger("grader"), "level", logging.NOTSET)
    monkeypatch.setattr(logging.getLogger(), "level", logging.DEBUG)
    assert not reraises()
