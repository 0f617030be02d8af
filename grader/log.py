"""What the grader says of itself, to whoever asks: loggers below "grader", silent under a warning until `configure`d."""

from __future__ import annotations

import logging
import sys

__all__ = ["configure", "reraises"]

_LOGGER = logging.getLogger("grader")
"""The one that all others are below: a module's own is `logging.getLogger(__name__)`."""


class _ToStderr(logging.Handler):
    """Writes to what stderr is at that moment: a progress bar puts itself in its place."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001  as every handler: what cannot be logged stops nothing
            self.handleError(record)


def configure(*, verbose: bool, debug: bool) -> None:
    """Say warnings, or also what is done (`verbose`), or everything (`debug`), on stderr."""
    _LOGGER.setLevel(logging.DEBUG if debug else logging.INFO if verbose else logging.WARNING)
    if not any(isinstance(handler, _ToStderr) for handler in _LOGGER.handlers):
        handler = _ToStderr()
        handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
        _LOGGER.addHandler(handler)


def reraises() -> bool:
    """Whether an error is to be raised with its traceback, where otherwise a sentence would do: after `--debug`."""
    return logging.NOTSET < _LOGGER.level <= logging.DEBUG
