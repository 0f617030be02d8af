"""Files of ours: written so that a reader, at any moment, finds the old content or the new, whole; their formats; archives."""

from __future__ import annotations

import io
import os
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import msgspec

from grader.errors import UsageError

try:
    import fcntl
except ImportError:  # Windows: there nobody is kept out
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

__all__ = ["format_of", "locked", "packed", "write_atomically"]

_LETTING_GO = 2.0
"""For so many seconds a lock is asked for: where its holder was killed as it started a process, that one lets go of it a moment later."""
_TIME = (1980, 1, 1, 0, 0, 0)
_MODE, _PROGRAM = 0o100644 << 16, 0o100755 << 16


class _Versioned(msgspec.Struct):
    format_version: int = 1
    """What was written before formats had a number is of the first."""


def format_of(data: bytes, path: Path, newest: int) -> int:
    """The number of a JSON file's format. Raises UsageError for one above `newest`, msgspec.MsgspecError for no JSON."""
    found = msgspec.json.decode(data, type=_Versioned).format_version
    if found > newest:
        raise UsageError(
            f"{path} was written by a newer grader (format {found}; this one reads up to {newest}): "
            "update the grader, or choose another place"
        )
    return found


def write_atomically(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Put `data` at `path`, creating its folders; a symlink there is replaced, not followed.

    What is not `lasting` may be lost with the machine's power, for it can be made again: waiting for the disk takes longer than
    all else. Raises OSError, which names `path`, where that is not possible, and then leaves what was there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, because a rename is atomic within one file system alone; a short name, because the file's
    # own may already be as long as one can be.
    temporary = path.with_name(f".{os.urandom(8).hex()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException as error:  # an interrupt must not leave the temporary file either
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):  # a full disk's names no file, others name the temporary one
            error.filename = str(path)
        raise


@contextmanager
def locked(path: Path, problem: str) -> Iterator[None]:
    """Hold a lock on a file, which is made where there is none and stays; the end of the process lets go of it too.

    Raises UsageError with the problem where another process holds it, OSError where there can be no such file.
    """
    with path.open("ab") as file:
        if fcntl is not None:
            until = time.monotonic() + _LETTING_GO
            while not _is_ours(file):
                if time.monotonic() > until:
                    raise UsageError(problem)
                time.sleep(0.02)
        yield


def _is_ours(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def packed(files: Mapping[str, bytes], programs: Collection[str] = ()) -> bytes:
    """A zip archive of the files, in their order; some can be run. Of the same files, the same bytes."""
    import zipfile  # noqa: PLC0415  few write one, and it takes long to import

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.external_attr, info.compress_type = _PROGRAM if name in programs else _MODE, zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return data.getvalue()
