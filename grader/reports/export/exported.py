"""What an export comes to: the file, and what the person who makes it should know."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Exported", "packed"]

_TIME = (1980, 1, 1, 0, 0, 0)
_MODE, _RUNS = 0o100644 << 16, 0o100755 << 16


@dataclass(frozen=True, slots=True)
class Exported:
    """A file, whole; `unplaced` are results that should be in it and are not."""

    data: bytes
    notices: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()


def packed(files: Mapping[str, bytes], *, scripts: frozenset[str] = frozenset()) -> bytes:
    """An archive of the files, by their names in it: of the same files, the same bytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.external_attr, info.compress_type = _RUNS if name in scripts else _MODE, zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return data.getvalue()
