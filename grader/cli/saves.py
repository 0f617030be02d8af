"""Which files were saved since it was last asked: the system tells, or, where it cannot, they are looked at again and again."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path
from typing import TYPE_CHECKING

import watchfiles

from grader.submissions.files import is_left_behind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

__all__ = ["saves"]

_TICK = 100
"""Milliseconds from one answer to the next."""
_OFF = frozenset({"", "false", "disable", "disabled"})


def saves(
    folders: Sequence[Path], suffixes: Collection[str], told: Callable[[str], object], *, recursive: bool = False
) -> Iterator[list[Path]]:
    """Every tenth of a second the files that were saved or deleted since: mostly none.

    Where the system watches no folder, or no longer, `told` gets a sentence, and it goes on without.
    """

    def wanted(path: Path) -> bool:
        return path.suffix in suffixes and not is_left_behind(path.name)

    before = _stamps(folders, wanted, recursive=recursive)
    if not _asked_to_look():
        try:
            for found in watchfiles.watch(
                *folders, watch_filter=lambda _, path: wanted(Path(path)), step=50, debounce=_TICK, rust_timeout=_TICK,
                yield_on_timeout=True, recursive=recursive, force_polling=False,
            ):  # fmt: skip
                if found:
                    before = _stamps(folders, wanted, recursive=recursive)
                yield sorted(Path(path) for _, path in found)
        except (OSError, RuntimeError) as error:
            told(
                f"This machine does not tell what is saved ({error}): the files are looked at every {_TICK} ms instead."
            )
    while True:
        # Not by watchfiles' own polling, which takes two saves within a second for one.
        now = _stamps(folders, wanted, recursive=recursive)
        yield sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))
        before = now
        time.sleep(_TICK / 1000)


def _asked_to_look() -> bool:
    """As watchfiles has it: by its variable, else on Windows' Linux, whose system tells nothing of Windows' own files."""
    asked = os.environ.get("WATCHFILES_FORCE_POLLING", "").lower()
    return asked not in _OFF or (not asked and "microsoft" in platform.release().lower())


def _stamps(
    folders: Sequence[Path], wanted: Callable[[Path], bool], *, recursive: bool
) -> Mapping[Path, tuple[int, int, int]]:
    """What changes with each save, of each file that there is."""
    found = {}
    for path in (path for folder in folders for path in folder.glob("**/*" if recursive else "*") if wanted(path)):
        try:
            status = path.stat()
        except OSError:  # it was there a moment ago
            continue
        found[path] = status.st_mtime_ns, status.st_size, status.st_ino
    return found
