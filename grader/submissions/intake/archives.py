"""Downloads, opened: a folder, a zip, a tar, and the archives in them, one level. Archives are untrusted, and bounded.

Everything is looked at before anything of it is read: where a name leads, what a member is, how many there are, how large, and how
far each was packed. Of an archive in an archive what may be an answer is kept under a number in a temporary folder.
"""

from __future__ import annotations

import bz2
import gzip
import io
import os
import posixpath
import stat
import unicodedata
import zipfile
import zlib
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.errors import UsageError
from grader.submissions.files import is_left_behind, read_file
from grader.submissions.intake.listing import (
    ARCHIVE,
    CLOSED,
    Entry,
    Listing,
    fault_in,
    is_answer_file,
    is_services,
    leads_out,
    not_taken,
    read_nothing,
)
from grader.submissions.intake.tar import TarError, TarMember, members
from grader.submissions.submitted_at import TIMESTAMP, in_utc, last_modified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Spool", "open_source"]

MAX_FILE = 64 * 2**20
"""How large one file may be that is taken, or an archive that is opened inside another."""

MAX_TOTAL, MAX_INNER_TOTAL = 4 * 2**30, 256 * 2**20
"""How many bytes are taken of one download, and of an archive in it."""

MAX_SPOOLED = 4 * 2**30
"""How many bytes are unpacked for a while, of all archives in the downloads of a run."""

MAX_COUNT, MAX_INNER_COUNT = 200_000, 5_000
"""How many members a download may have, and an archive in it."""

MAX_RATIO, RATIO_FROM = 200, 2**20
"""How far a file may have been packed, from this size on: text gets ten times smaller, a notebook with its pictures less."""

_CLOSED = "is an archive of a kind that is not opened: unpack it, or pack it as a zip"
_CHUNK = 2**20
_NO_TIME = 1980
_ZIP_MEMBER = b"PK\x01\x02"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class ArchiveError(Exception):
    """Why an archive is not opened, to stand behind its name."""


class _Member(msgspec.Struct, frozen=True):
    """One member of an archive, of whatever kind."""

    path: str
    kind: int
    size: int
    packed: int
    modified: str
    read: Callable[[int], bytes]
    fault: str = ""


class Spool(msgspec.Struct):
    """A temporary folder, and what is kept open, while downloads are looked at."""

    folder: Path
    held: ExitStack
    count: int = 0
    size: int = 0

    def path(self, size: int) -> Path:
        """A name that nothing has yet, for so many bytes. Raises ArchiveError where they are too many by now."""
        if self.size + size > MAX_SPOOLED:
            raise ArchiveError(f"and the archives before it unpack to more than {MAX_SPOOLED >> 30} GiB")
        self.count, self.size = self.count + 1, self.size + size
        return self.folder / str(self.count)

    def keep(self, data: bytes) -> Callable[[int], bytes]:
        """Put some bytes there; gives what reads them."""
        path = self.path(len(data))
        path.write_bytes(data)
        return lambda limit: read_file(path, limit)


def open_source(path: Path, spool: Spool) -> Listing:
    """What a download holds. Raises UsageError where it cannot be read, or is no archive to be trusted."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return _Folder(path, spool).listing()
        if not ARCHIVE.search(path.name):
            raise UsageError(f"{path} is neither a folder nor a .zip or .tar archive; name what the service gave you")
        file = spool.held.enter_context(path.open("rb"))
        found = _members(file, path.name, spool, spool.held, MAX_COUNT, MAX_TOTAL)
        return _listing(path.name, found, spool, MAX_TOTAL)
    except ArchiveError as error:
        raise UsageError(f"{path} {error}; nothing was collected") from None
    except FileNotFoundError:
        raise UsageError(f"there is no {path}; name the archive or folder that the service gave you") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror or error}); nothing was collected") from None


class _Folder(msgspec.Struct):
    """A folder on the disk, looked through without following a link."""

    root: Path
    spool: Spool
    entries: list[Entry] = []
    folders: set[str] = set()
    repositories: set[str] = set()
    total: int = 0

    def listing(self) -> Listing:
        waiting = [""]
        for inside in waiting:
            with os.scandir(self.root / inside) as found:
                for item in sorted(found, key=lambda item: item.name):
                    path = posixpath.join(inside, item.name)
                    if item.name == ".git":
                        self.repositories.add(inside)
                    if is_left_behind(item.name):
                        continue
                    if fault := fault_in(path):
                        self.entries.append(not_taken(path, fault))
                    elif item.is_dir(follow_symlinks=False):
                        self.folders.add(path)
                        waiting.append(path)
                    else:
                        self._file(path, item)
            if len(self.entries) + len(self.folders) > MAX_COUNT:
                raise ArchiveError(f"holds more than {MAX_COUNT} files; name a smaller part of it")
        name = self.root.resolve().name
        return Listing(name, tuple(self.entries), frozenset(self.folders), frozenset(self.repositories))

    def _file(self, path: str, item: os.DirEntry[str]) -> None:
        if not item.is_file(follow_symlinks=False):
            self.entries.append(not_taken(path, "is a link or no file at all, and is not followed"))
            return
        status = item.stat(follow_symlinks=False)
        where = Path(item.path)
        if CLOSED.search(path) and not ARCHIVE.search(path):
            self.entries.append(not_taken(path, _CLOSED, status.st_size, last_modified(status)))
            return
        entry = Entry(path, status.st_size, last_modified(status), lambda limit: read_file(where, limit))
        if ARCHIVE.search(path):
            try:
                with ExitStack() as held:
                    file = held.enter_context(where.open("rb"))
                    found = _members(file, path, self.spool, held, MAX_COUNT, MAX_TOTAL)
                    opened = _listing(path, found, self.spool, MAX_TOTAL, kept=True)
            except ArchiveError as error:
                self.entries.append(not_taken(path, str(error), entry.size, entry.modified))
                return
            opened = opened.packed_in(entry)
            self.entries += opened.entries
            self.folders |= opened.folders
        else:
            self.entries.append(entry)


def _content(entry: Entry) -> bytes:
    """What is in a member. Raises ArchiveError where it cannot be unpacked."""
    try:
        return entry.read(MAX_FILE)
    except OSError:
        raise ArchiveError("is damaged, and cannot be unpacked") from None


def _whole(entry: Entry) -> bytes:
    """All of an archive that lies inside something else. Raises ArchiveError where it is too large."""
    data = _content(entry)
    if len(data) > MAX_FILE:
        raise ArchiveError(f"is larger than {MAX_FILE >> 20} MiB, and was not opened")
    return data


def _listing(  # noqa: PLR0913
    name: str, found: Iterator[_Member], spool: Spool, most: int, *, kept: bool = False, inner: bool = False
) -> Listing:
    """What an archive holds, and the archives in it. `kept`: what is taken is unpacked, for the archive itself is closed.

    Raises ArchiveError where it is not to be trusted.
    """
    vetted = _vetted(list(found), most, inner=inner)
    entries: list[Entry] = []
    folders = set(vetted.folders)
    for entry in vetted.entries:
        is_read = entry.read is not read_nothing
        is_archive = is_read and ARCHIVE.search(entry.path) is not None
        try:
            opened = _opened(entry, spool).packed_in(entry) if is_archive else None
            data = _content(entry) if kept and is_read and not is_archive else None
        except ArchiveError as error:
            entries.append(not_taken(entry.path, str(error), entry.size, entry.modified))
            continue
        if opened is not None:
            entries += opened.entries
            folders |= opened.folders
        else:
            entries.append(entry if data is None else replace(entry, read=spool.keep(data)))
    return Listing(name, tuple(entries), frozenset(folders))


def _vetted(listed: Sequence[_Member], most: int, *, inner: bool) -> Listing:
    """The members of an archive that may be taken, and why others are not. Raises ArchiveError for what no archive should hold."""
    entries: list[Entry] = []
    folders: set[str] = set()
    total = 0
    counts = Counter(member.path.rstrip("/") for member in listed)
    for member in listed:
        path = member.path.rstrip("/")
        if leads_out(path):
            raise ArchiveError(f"holds {path[:200]!r}, which leads out of the folder it is unpacked into")
        if any(map(is_left_behind, path.split("/"))):
            continue
        taken = _is_taken(path) or (ARCHIVE.search(path) is not None and not inner)
        if stat.S_ISDIR(member.kind):
            folders.add(path)
        elif why := fault_in(path) or _why_left(member, taken=taken, several=counts[path] > 1, inner=inner):
            entries.append(not_taken(path, why, member.size, member.modified))
        else:
            total += member.size * taken
            entries.append(Entry(path, member.size, member.modified, member.read if taken else read_nothing))
    if total > most:
        raise ArchiveError(f"unpacks to more than {most >> 20} MiB of programs and notebooks")
    return Listing("", tuple(entries), frozenset(folders))


def _opened(entry: Entry, spool: Spool) -> Listing:
    """What an archive inside an archive holds; an archive in that stays closed."""
    with ExitStack() as held:
        found = _members(io.BytesIO(_whole(entry)), entry.path, spool, held, MAX_INNER_COUNT, MAX_INNER_TOTAL)
        return _listing(entry.path, found, spool, MAX_INNER_TOTAL, kept=True, inner=True)


def _is_taken(path: str) -> bool:
    name = posixpath.basename(path)
    return is_answer_file(name) or is_services(name) or name == TIMESTAMP


def _why_left(member: _Member, *, taken: bool, several: bool, inner: bool) -> str:
    """Why a member is not taken; empty where it is, or where nobody wants it."""
    if not stat.S_ISREG(member.kind):
        return "is a link, which is not followed" if stat.S_ISLNK(member.kind) else "is a device, or no file at all"
    if ARCHIVE.search(member.path) and inner:
        return "is an archive in an archive in an archive, and stays closed"
    if CLOSED.search(member.path) and not ARCHIVE.search(member.path):
        return _CLOSED
    if not taken:
        return ""
    if several:
        return "is in the archive more than once: nobody knows which counts"
    if member.size > MAX_FILE:
        return f"is larger than {MAX_FILE >> 20} MiB"
    if member.size > RATIO_FROM and member.size > MAX_RATIO * max(1, member.packed):
        return f"was packed more than {MAX_RATIO} times, as no program is"
    return member.fault


def _members(  # noqa: PLR0913
    file: IO[bytes], name: str, spool: Spool, held: ExitStack, most: int, total: int
) -> Iterator[_Member]:
    """The members of an archive, by its name. Raises ArchiveError for one that is none, is cut off, or has too many."""
    if name.casefold().endswith(".zip"):
        return _zip_members(file, most, held)
    if name.casefold().endswith(".tar"):
        return _tar_members(file, most)
    return _tar_members(held.enter_context(_unpacked(file, name, spool, total).open("rb")), most)


def _zip_members(file: IO[bytes], most: int, held: ExitStack) -> Iterator[_Member]:
    # Counted before zipfile makes an object of each. In the content, too: a bound, not a number.
    file.seek(0)
    count, tail = 0, b""
    while chunk := file.read(_CHUNK):
        count += (tail + chunk).count(_ZIP_MEMBER)
        tail = chunk[1 - len(_ZIP_MEMBER) :]
    if count > most:
        raise ArchiveError(f"holds more than {most} files")
    file.seek(0)
    try:
        opened = held.enter_context(zipfile.ZipFile(file))
    except _DAMAGED:
        raise ArchiveError("is cut off, or no zip archive: download it again") from None
    for info in opened.infolist():
        mode = stat.S_IFMT(info.external_attr >> 16)
        kind = stat.S_IFDIR if info.is_dir() else mode or stat.S_IFREG
        fault = ""
        if info.flag_bits & 1:
            fault = "is encrypted"
        elif info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            fault = "is packed in a way that is not read here; pack it again as a plain zip"
        yield _Member(
            _zip_name(info), kind, info.file_size, info.compress_size, _zip_time(info), _zip_reader(opened, info), fault
        )


def _zip_reader(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        try:
            with opened.open(info) as content:
                return content.read(limit + 1)
        except _DAMAGED as error:
            raise OSError("is damaged, and cannot be unpacked") from error

    return read


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name: what says nothing of its encoding is UTF-8 where it can be, as macOS and many tools write it."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            name = info.filename
    # Some tools on Windows write its own separator; what begins with a dot and a slash is at the top.
    return unicodedata.normalize("NFC", name.replace("\\", "/").removeprefix("./"))


def _zip_time(info: zipfile.ZipInfo) -> str:
    """The time in a member's header, which has no zone: it says when the archive was made, and that roughly."""
    if info.date_time[0] <= _NO_TIME:
        return ""
    try:
        return in_utc(datetime(*info.date_time, tzinfo=UTC))
    except ValueError:
        return ""


def _tar_members(file: IO[bytes], most: int) -> Iterator[_Member]:
    length = file.seek(0, os.SEEK_END)
    try:
        for number, member in enumerate(members(file, length)):
            if number >= most:
                raise ArchiveError(f"holds more than {most} files")
            path = unicodedata.normalize("NFC", member.path.removeprefix("./"))
            if path.rstrip("/") not in {"", "."}:
                yield _Member(path, member.kind, member.size, member.size, member.modified, _tar_reader(file, member))
    except TarError as error:
        raise ArchiveError(f"{error}: download it again") from None


def _tar_reader(file: IO[bytes], member: TarMember) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        file.seek(member.begin)
        return file.read(min(limit + 1, member.size))

    return read


def _unpacked(file: IO[bytes], name: str, spool: Spool, most: int) -> Path:
    """A packed tar, unpacked into the spool. Raises ArchiveError where it is too large, packed too far, or cut off."""
    packed = file.seek(0, os.SEEK_END)
    file.seek(0)
    bounded = min(most, max(RATIO_FROM, packed * MAX_RATIO))
    path = spool.path(bounded)
    written = 0
    opener = bz2.open if name.casefold().endswith((".tbz", ".tbz2", ".bz2")) else gzip.open
    try:
        with opener(file, "rb") as source, path.open("xb") as target:
            while chunk := source.read(_CHUNK):
                written += len(chunk)
                if written > bounded:
                    raise ArchiveError(f"unpacks to more than {bounded >> 20} MiB")
                target.write(chunk)
    except _DAMAGED:
        raise ArchiveError("is cut off, or no such archive: download it again") from None
    finally:
        spool.size += min(written, bounded) - bounded
    return path
