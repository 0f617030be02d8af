"""The grader's own wheel, packed again from what is installed here: a hand-out needs no index, checkout or build."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
from pathlib import Path
from typing import TYPE_CHECKING

import grader
from grader.errors import UsageError
from grader.files import packed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import Distribution

__all__ = ["DISTRIBUTION", "wheel"]

DISTRIBUTION = "neural-calculus"
"""What pip knows the grader by."""

_PACKAGE = "grader"
_DESCRIBED = ("METADATA", "WHEEL", "entry_points.txt", "top_level.txt")
"""What the folder of metadata in a wheel has, licences apart; the rest says how it was installed here."""

_SUFFIXES = frozenset([".py", ".typed", ".html", ".js", ".template"])
"""Of a checkout's files, those that pyproject.toml puts into a wheel; other files may lie beside them."""


def wheel() -> tuple[str, bytes]:
    """The file's name and its content, which is the same each time.

    Raises UsageError where the grader runs from a folder that is not installed, or that is of another version.
    """
    distribution = _installed()
    stem = f"{DISTRIBUTION.replace('-', '_')}-{distribution.version}"
    files = dict(_package(distribution))
    files |= {f"{stem}.dist-info/{name}": path.read_bytes() for name, path in _metadata(distribution)}
    record = f"{stem}.dist-info/RECORD"
    lines = [f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in sorted(files.items())]
    recorded = "".join([*lines, f"{record},,\n"]).encode()
    return f"{stem}-py3-none-any.whl", packed(dict(sorted(files.items())) | {record: recorded})


def _installed() -> Distribution:
    """What pip wrote down of the grader when it installed it."""
    found = [each for each in importlib.metadata.distributions(name=DISTRIBUTION) if each.read_text("RECORD")]
    if not found:
        raise UsageError(
            "the grader is not installed, so its wheel cannot be put into the hand-out: "
            f"run `pip install .` in {_folder().parent}, or call the `grader` of an environment that has it"
        )
    if found[0].version != grader.__version__:
        raise UsageError(
            f"the grader here is {grader.__version__}, but installed was {found[0].version}, so its wheel would be wrong: "
            f"run `pip install` once more in {_folder().parent}"
        )
    return found[0]


def _package(distribution: Distribution) -> Iterator[tuple[str, bytes]]:
    """The files of the package: those that were installed, or, of a checkout that is used in its place, its own."""
    installed = {str(path): Path(str(path.locate())) for path in distribution.files or () if path.parts[0] == _PACKAGE}
    if not installed:
        folder = _folder()
        installed = {
            path.relative_to(folder.parent).as_posix(): path
            for path in folder.rglob("*")
            if path.suffix in _SUFFIXES and path.is_file()
        }
    yield from ((name, path.read_bytes()) for name, path in installed.items() if not name.endswith(".pyc"))


def _metadata(distribution: Distribution) -> Iterator[tuple[str, Path]]:
    for path in distribution.files or ():
        folder, *rest = path.parts
        name = "/".join(rest)
        if folder.endswith(".dist-info") and (name in _DESCRIBED or name.startswith("licenses/")):
            yield name, Path(str(path.locate()))


def _folder() -> Path:
    return Path(grader.__file__).parent


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
