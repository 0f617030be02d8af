"""What was saved is found out also where the system cannot tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import watchfiles

from grader.cli.saves import saves

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    path = tmp_path / "deep" / "answer.py"
    path.parent.mkdir()
    path.write_text("0")
    return path


@pytest.mark.slow
def test_files_that_are_looked_at_are_found_at_each_save(answer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of two within a second that leave as many letters; what else is there, or was before, is not told."""
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    told: list[str] = []
    found = saves([answer.parent], [".py"], told.append)
    assert next(found) == []
    for text in ("1", "2", "3"):
        answer.write_text(text)
        (answer.parent / ".hidden.py").write_text(text)
        (answer.parent / "notes.txt").write_text(text)
        assert next(found) == [answer]
    assert next(found) == []
    answer.unlink()
    assert next(found) == [answer]
    assert told == []
    below = saves([answer.parents[1]], [".py"], told.append, recursive=True)
    assert next(below) == []
    answer.write_text("4")
    assert next(below) == [answer]


@pytest.mark.parametrize("error", [OSError(28, "OS file watch limit reached"), RuntimeError("too many open files")])
@pytest.mark.parametrize("before", [0, 2])
def test_a_system_that_cannot_watch_is_named_and_nothing_is_missed(answer, monkeypatch, error, before) -> None:
    """Whether it says so at once or later; what was saved meanwhile is told."""

    def watch(*_: object, **__: object):
        yield from [set()] * before
        answer.write_text("saved meanwhile")
        raise error

    monkeypatch.setattr(watchfiles, "watch", watch)
    monkeypatch.delenv("WATCHFILES_FORCE_POLLING", raising=False)
    told: list[str] = []
    found = saves([answer.parent], [".py"], told.append)
    for _ in range(before):
        assert next(found) == []
    assert next(found) == [answer]
    (sentence,) = told
    assert sentence.startswith(f"This machine does not tell what is saved ({error}): the files are looked at")
