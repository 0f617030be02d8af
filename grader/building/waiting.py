"""Say where code of a course's own stands that takes long. It is trusted and runs here: nobody but its author stops it."""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["telling_where"]

_log = logging.getLogger(__name__)
_SECONDS = 10.0


@contextmanager
def telling_where(folder: Path) -> Iterator[None]:
    """Warn, after ten seconds, of the line below `folder` at which this thread is then."""
    thread = threading.get_ident()

    def tell() -> None:
        frame: FrameType | None = sys._current_frames().get(thread)  # noqa: SLF001  there is no other way to ask
        while frame is not None and not Path(frame.f_code.co_filename).is_relative_to(folder):
            frame = frame.f_back
        if frame is not None:
            place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
            _log.warning("%s: still running after %g seconds; if it never ends, interrupt it (Ctrl+C)", place, _SECONDS)

    timer = threading.Timer(_SECONDS, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
