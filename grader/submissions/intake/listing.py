"""What a download holds, as data: files by their paths, none of them opened yet, and why some are not taken."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.submissions.files import is_left_behind

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ANSWER",
    "ARCHIVE",
    "ATTEMPT",
    "CLOSED",
    "METADATA",
    "Entry",
    "Listing",
    "fault_in",
    "is_answer_file",
    "is_services",
    "leads_out",
    "not_taken",
    "read_nothing",
    "without_archive",
]

MAX_PARTS, MAX_PART = 32, 255
"""How deep a path may be, and how many bytes each of its names may have."""
_MAX_SHOWN = 400
"""How many characters are shown of a path that is not taken: an archive may hold one of 65,535."""

ARCHIVE = re.compile(r"\.(?:zip|tar|tgz|tar\.gz|tbz2?|tar\.bz2)$", re.IGNORECASE)
"""What is opened: a name that ends so."""

CLOSED = re.compile(r"\.(?:7z|rar|tar\.\w{1,4}|txz|xz|zst)$", re.IGNORECASE)
"""Other archives, which may hold an answer as well."""

ANSWER = re.compile(r"\.(?:py|ipynb)(?:\.(?:txt|json))?$", re.IGNORECASE)
"""What may be an answer: a program or a notebook, also saved as text; its name ends so."""

METADATA = "submission_metadata.yml"
"""What Gradescope writes beside the submissions."""

ATTEMPT = r"_attempt_(\d{4}(?:-\d\d){5})"
"""What Blackboard writes behind title and user in each name: the time of the attempt."""

_OF_AN_ATTEMPT = re.compile(rf".+{ATTEMPT}\.txt", re.DOTALL)
_DRIVE = re.compile(r"[A-Za-z]:")


class Entry(msgspec.Struct, frozen=True):
    """One file: its path inside the download, with `/`; an archive that was opened is a folder of its own name."""

    path: str
    size: int
    modified: str
    """Its time in the download, UTC; empty where it has none. A file in an archive has the archive's time: its own is its packer's word."""
    read: Callable[[int], bytes]
    """Its first bytes, that many and one more. Raises OSError where it cannot be read."""
    fault: str = ""
    """Why it is not taken; then nobody reads it, and who handed it in is still known."""
    packed_at: str = ""
    """Its time in the archive in the download, where it lies in one."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return posixpath.basename(self.path)

    @property
    def top(self) -> str:
        """The first part of the path: a folder's name, or for a file at the top its own."""
        return self.path.partition("/")[0]

    @property
    def inside(self) -> str:
        """The path from the folder at the top; empty for a file at the top."""
        return self.path.partition("/")[2]


class Listing(msgspec.Struct, frozen=True):
    """All that a download holds but what tools leave behind."""

    name: str
    """The download's own."""
    entries: tuple[Entry, ...]
    folders: frozenset[str] = frozenset()
    """Every folder in it, also an empty one."""
    repositories: frozenset[str] = frozenset()
    """The folders that have a `.git`, of which nothing else is known."""

    @property
    def tops(self) -> tuple[str, ...]:
        """The folders at its top, empty ones too, sorted."""
        names = {path.partition("/")[0] for path in (*self.folders, *self.repositories)}
        names |= {entry.top for entry in self.entries if "/" in entry.path}
        return tuple(sorted(name for name in names if name and not is_left_behind(name)))

    @property
    def loose(self) -> tuple[Entry, ...]:
        """The files at its top that may be taken."""
        return tuple(entry for entry in self.entries if "/" not in entry.path and not entry.fault)

    def within(self, folder: str) -> Listing:
        """The same in a folder of that name."""
        return replace(
            self,
            entries=tuple(replace(entry, path=f"{folder}/{entry.path}") for entry in self.entries),
            folders=frozenset({folder, *(f"{folder}/{path}" for path in self.folders)}),
            repositories=frozenset(f"{folder}/{path}".rstrip("/") for path in self.repositories),
        )

    def packed_in(self, archive: Entry) -> Listing:
        """The same where it lies in an archive of the download."""
        inside = self.within(archive.path)
        entries = (replace(each, modified=archive.modified, packed_at=each.modified) for each in inside.entries)
        return replace(inside, entries=tuple(entries))

    def as_download(self) -> Listing:
        """The same where the archive that it lies in is a download itself, and its times are the service's."""
        entries = (replace(each, modified=each.packed_at, packed_at="") for each in self.entries)
        return replace(self, entries=tuple(entries))

    def below(self) -> dict[str, Listing]:
        """What each folder at the top holds, with paths from there."""
        entries: dict[str, list[Entry]] = {top: [] for top in self.tops}
        folders: dict[str, set[str]] = {top: set() for top in self.tops}
        repositories: dict[str, set[str]] = {top: set() for top in self.tops}
        for entry in self.entries:
            if "/" in entry.path and entry.top in entries:
                entries[entry.top].append(replace(entry, path=entry.inside))
        for found, paths in ((folders, self.folders), (repositories, self.repositories)):
            for path in paths:
                top, slash, rest = path.partition("/")
                if top in found and (slash or found is repositories):
                    found[top].add(rest)
        return {
            top: Listing(top, tuple(entries[top]), frozenset(folders[top]), frozenset(repositories[top]))
            for top in self.tops
        }


def leads_out(path: str) -> bool:
    """Whether a path out of an archive leads out of the folder that it is unpacked into."""
    return path.startswith("/") or _DRIVE.match(path) is not None or ".." in path.split("/")


def fault_in(path: str) -> str:
    """Why nothing can have that path in a folder; empty where something can."""
    parts = path.split("/")
    if len(parts) > MAX_PARTS:
        return f"is more than {MAX_PARTS} folders deep"
    try:
        lengths = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        return "has a name that is no text"
    if "\0" in path or max(lengths) > MAX_PART or not all(part.strip(" .") for part in parts):
        return "has a name that no folder can hold"
    return ""


def is_answer_file(name: str) -> bool:
    """Whether a file of that name may be an answer."""
    return ANSWER.search(name) is not None


def is_services(name: str) -> bool:
    """Whether a file of that name may be what a service says of who handed in."""
    return name == METADATA or _OF_AN_ATTEMPT.fullmatch(name) is not None


def without_archive(name: str) -> str:
    """The name of a folder, or of an archive that was opened, without what archives end in."""
    return ARCHIVE.sub("", name)


def read_nothing(_limit: int) -> bytes:
    """The content of a file that cannot be an answer, which nobody asks for."""
    return b""


def not_taken(path: str, why: str, size: int = 0, modified: str = "") -> Entry:
    """A file that is there, and why it is not taken; of a path that is very long the beginning."""
    path = path if len(path) <= _MAX_SHOWN else f"{path[:_MAX_SHOWN]}…"
    return Entry(path, size, modified, read_nothing, why)
