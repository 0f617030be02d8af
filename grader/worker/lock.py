"""Everything that confines a process: capabilities, Landlock, seccomp and rlimits. Linux has all; elsewhere, what there is.

The worker locks itself once (`lock_zygote`); each child that will run student code adds what only it must not do
(`ChildLock`). Landlock comes before seccomp, which then denies making another ruleset. Layers that the kernel does not
offer are left out: `lock_zygote` says which are active.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import importlib.util
import os
import signal
import stat
import struct
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.worker.probe import in_child

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.wire.messages import Spawn

__all__ = [
    "ChildLock",
    "die_with_parent",
    "fork",
    "lock_zygote",
    "memory_in_use",
    "read_once",
    "read_what_is_named",
    "readable_roots",
    "shared_objects",
    "takes_filters",
]

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
if _libc is not None:
    _libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]

_forks = ctypes.PyDLL(None) if hasattr(os, "fork") else None
"""The same, keeping the interpreter's lock during a call: a child has it, then, as its parent had."""

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
_SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION_3 = 0x20080522

# landlock_create_ruleset, landlock_add_rule and landlock_restrict_self have these numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_FILE_RIGHTS_NEWEST = (1 << 16) - 1
_TCP_RIGHTS = 0b11
_SCOPES = 0b11  # abstract UNIX sockets, signals
_ABI_WITH_TCP, _ABI_WITH_SCOPES = 4, 6

_DESCRIPTORS = 64
_NOBODY = 65533
"""A user and a group that nobody has: 65534, the usual one, is also whose files are that have no owner here."""
_FILTER_INSTRUCTION = 8
"""The bytes of a struct sock_filter."""


def _call(number: int, *arguments: object) -> int:
    """A system call; raises OSError."""
    if _libc is None:
        raise OSError("no system calls here")
    result = int(_libc.syscall(number, *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def _prctl(option: int, value: int, argument: int = 0) -> int:
    """prctl(2), which has no effect where there is none; returns 0, or -1 where it failed."""
    if _libc is None:
        return 0
    return int(_libc.prctl(option, value, argument, 0, 0))


def fork() -> int:
    """Fork a process that has one thread, which goes on in the child.

    os.fork() also makes the interpreter's locks anew, and has `threading` and `random` do so with what is theirs: in a child that will
    never have another thread that is a hundred pages copied for nothing. What C libraries have asked for is done. Raises OSError.
    """
    child = int(_forks.fork()) if _forks is not None else -1
    if child < 0:
        raise OSError("no process could be forked")
    return child


def die_with_parent(parent: int) -> None:
    """Be killed when the parent process ends; end now if it already has."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def memory_in_use() -> int:
    """The process's address space in bytes; 0 where that cannot be told."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _library_roots() -> set[Path]:
    """The folders of the standard library."""
    return {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")}


_READ_AT_ONCE = 1 << 20

_NOT_THE_LIBRARY = ("site-packages", "dist-packages", "test", "config-")
"""What lies in the standard library's folder and is not it: others' packages, Python's own tests, what embeds it."""


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """The paths that exist and lie in no other of them, in order."""
    kept: list[Path] = []
    last: tuple[str, ...] = ("nothing",)
    # By their parts, which takes a tenth of what comparing paths takes.
    for path in sorted(set(paths), key=lambda path: path.parts):
        if path.parts[: len(last)] != last and path.exists():
            kept.append(path)
            last = path.parts
    return kept


def readable_roots(packages: Iterable[str], shared_objects: Iterable[str]) -> list[Path]:
    """What Python needs to read after its start: the standard library, shared objects, and the given packages; none within another.

    The standard library's folder is listed entry by entry, because site-packages often lies inside it, and the system's
    shared objects one by one, because the system's own Python packages lie among them.
    """
    return _outermost(_readable(packages, shared_objects))


def _readable(packages: Iterable[str], shared_objects: Iterable[str]) -> Iterator[Path]:
    for root in _library_roots():
        yield from (entry for entry in root.iterdir() if not entry.name.startswith(_NOT_THE_LIBRARY))
    for name in dict.fromkeys(package.partition(".")[0] for package in packages):
        spec = importlib.util.find_spec(name)
        for place in (spec and spec.submodule_search_locations) or ():
            yield Path(place)
            yield Path(place).with_name(f"{name}.libs")
    yield from map(Path, shared_objects)
    yield from map(Path, ("/usr/share/zoneinfo", "/etc/ld.so.cache"))
    yield from map(Path, ("/dev/null", "/dev/zero", "/dev/urandom"))


class _LoadedObject(ctypes.Structure):
    """The start of struct dl_phdr_info of link.h: a shared object that is loaded, by the path it was found at."""

    _fields_ = (("address", ctypes.c_void_p), ("name", ctypes.c_char_p))


def _loaded_objects() -> list[str]:
    found: list[str] = []

    def add(each: Any, _size: int, _data: object) -> int:
        found.append(os.fsdecode(each.contents.name or b""))
        return 0

    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_LoadedObject), ctypes.c_size_t, ctypes.c_void_p)(add)
    if _libc is not None:
        _libc.dl_iterate_phdr(callback, None)
    return found


def shared_objects() -> Iterator[str]:
    """The shared objects that the standard library's extensions need, and those that are loaded here.

    Found by loading the extensions, in a process that does nothing else. Their folders also hold what no program of a
    student's is to read: apt's Python packages, plug-ins, data.
    """
    if sys.platform != "linux":
        return
    extensions = [path for root in _library_roots() for path in sorted(root.glob("lib-dynload/*.so"))]

    def loaded() -> str:
        for extension in extensions:
            with contextlib.suppress(OSError):
                ctypes.CDLL(str(extension), mode=os.RTLD_LAZY)
        return "\n".join(_loaded_objects())

    names = (in_child(loaded) or "").split("\n")
    yield from (os.path.normpath(name) for name in names if name.startswith("/"))


def read_once(roots: Iterable[Path]) -> None:
    """Read every file that student code may read, so that all of it is in the system's memory.

    What a process of a student's reads is then there before it, and stays after it: which parts of these files are in
    memory, which any process can time, tells the next one nothing.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for root in roots:
        # There are thousands: as plain strings they take two thirds of the time.
        below = (os.path.join(place, name) for place, _, names in os.walk(root) for name in names)  # noqa: PTH118
        for path in [str(root)] if root.is_file() else below:
            with contextlib.suppress(OSError):
                _read_through(path, nowhere)
    os.close(nowhere)


def _read_through(path: str, nowhere: int) -> None:
    """Read a file to its end, without a copy of it where the system takes it into a device that keeps nothing. Raises OSError."""
    file = os.open(path, os.O_RDONLY)
    try:
        while os.sendfile(nowhere, file, None, _READ_AT_ONCE):
            pass
    except (OSError, TypeError):  # some file systems; other systems than Linux
        while os.read(file, _READ_AT_ONCE):
            pass
    finally:
        os.close(file)


def read_what_is_named(names: int, other_end: int) -> None:
    """The same of files that another process names, by descriptors of a pipe, in the process that stays behind."""
    os.close(other_end)
    with open(names, encoding="utf-8", errors="surrogateescape") as file:
        read_once(map(Path, file.read().splitlines()))


def _landlock_abi() -> int:
    """The version of Landlock that the kernel offers; 0 for none."""
    try:
        return _call(_CREATE_RULESET, None, 0, 1)
    except OSError:
        return 0


def _ruleset(file_rights: int, tcp_rights: int, scopes: int, readable: Iterable[Path] = ()) -> int:
    """The descriptor of a Landlock ruleset that denies the given rights, but for reading beneath `readable`.

    Where something is readable, the folders of the standard library can be listed: without that, nothing in them can
    be imported that was not before.
    """
    readable = list(readable)
    attributes = struct.pack("<QQQ", file_rights, tcp_rights, scopes)
    abi = _landlock_abi()
    size = 24 if abi >= _ABI_WITH_SCOPES else 16 if abi >= _ABI_WITH_TCP else 8
    ruleset = _call(_CREATE_RULESET, attributes, size, 0)
    granted = [(path, _READ_FILE | (_READ_DIR if path.is_dir() else 0)) for path in readable]
    for path, rights in [*granted, *((root, _READ_DIR) for root in _library_roots() if readable)]:
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        _call(_ADD_RULE, ruleset, 1, struct.pack("<Qi", rights, descriptor), 0)
        os.close(descriptor)
    return ruleset


def _restrict(ruleset: int) -> None:
    """Enter a Landlock domain of the process's own, and let go of the ruleset."""
    try:
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _drop_capabilities() -> None:
    """Give up every capability, for good, after the bounding set: root becomes an ordinary user that owns root's files."""
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    if _libc is None or _libc.capset(header, struct.pack("<6I", 0, 0, 0, 0, 0, 0)) != 0:
        raise OSError("capset failed")


def _become_another(readable: Iterable[Path]) -> bool:
    """Go on as a user who owns nothing; False where root alone may do so, or where that user could not read what Python needs.

    Namespaces of this process's own leave no other user to become.
    """
    if os.geteuid() != 0:
        return False
    parent = os.getppid()

    def reads_as_another() -> str:
        _change_user()
        return "yes" if all(map(_is_readable, readable)) else "no"

    if in_child(reads_as_another) != "yes":
        return False
    _change_user()
    die_with_parent(parent)  # which a change of user forgets
    return True


def _change_user() -> None:
    """Raises OSError where this process may not."""
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def _is_readable(path: Path) -> bool:
    """Whether this user can read what is at a path, or nobody can, because nothing is there."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return os.access(path, os.R_OK | os.X_OK if stat.S_ISDIR(found.st_mode) else os.R_OK)


def takes_filters() -> bool:
    """Whether this process may be given a seccomp filter: asked with none, which is a bad address where it may."""
    if _libc is None:
        return False
    ctypes.set_errno(0)
    return _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER) != 0 and ctypes.get_errno() == errno.EFAULT


def lock_zygote(readable: Sequence[Path], seccomp_filter: bytes, *, apart: bool) -> tuple[str, ...]:
    """Confine this process and all that it forks; returns the layers that are active, in order.

    Root becomes another user, unless the process is `apart`, in namespaces that have none. It may from now on read beneath
    `readable`, and make the system calls that a filter allows, if there is one (see `grader.sandbox.seccomp`). Raises OSError
    where a layer that the kernel has does not take.
    """
    if sys.platform != "linux":
        return ("rlimits",) if resource else ()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    layers = ["no_new_privs"]
    for capability in range(64):
        _prctl(_PR_CAPBSET_DROP, capability)
    another = not apart and _become_another(readable)
    _drop_capabilities()
    _prctl(_PR_SET_DUMPABLE, 0)  # last: a change of user may undo it
    layers += ["capabilities", *["user"] * another]
    abi = _landlock_abi()
    if abi:
        files = _FILE_RIGHTS.get(abi, _FILE_RIGHTS_NEWEST)
        tcp = _TCP_RIGHTS if abi >= _ABI_WITH_TCP else 0
        _restrict(_ruleset(files, tcp, _SCOPES if abi >= _ABI_WITH_SCOPES else 0, readable))
        layers += ["landlock:files", *["landlock:tcp"] * bool(tcp), *["landlock:scopes"] * (abi >= _ABI_WITH_SCOPES)]
    if seccomp_filter:
        _load_filter(_FilterProgram(seccomp_filter))
        layers.append("seccomp")
    return (*layers, "rlimits")


class _FilterProgram(ctypes.Structure):
    """struct sock_fprog of linux/filter.h: a filter in the form that the kernel takes."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    def __init__(self, instructions: bytes) -> None:
        super().__init__(len(instructions) // _FILTER_INSTRUCTION, instructions)


def _load_filter(program: _FilterProgram) -> None:
    """Enter a seccomp filter, after no_new_privs. Raises OSError."""
    if _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program)) != 0:
        raise OSError(ctypes.get_errno(), "the seccomp filter does not load")


_NONE_OF = ("RLIMIT_NPROC", "RLIMIT_CORE", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE")


def _hard_limits() -> dict[str, tuple[int, int]]:
    """The number of each limit that there is here, and the most that it can be set to."""
    names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", *_NONE_OF)
    numbers = {name: getattr(resource, name) for name in names if hasattr(resource, name)}
    return {name: (number, resource.getrlimit(number)[1]) for name, number in numbers.items()}


class ChildLock:
    """What a child adds to the zygote's lock; made in the zygote, as far as it can be."""

    def __init__(self, seccomp_filter: bytes) -> None:
        """Prepare what takes away what the zygote alone needs; memory counts from what is in use now."""
        self._baseline = memory_in_use()
        self._limits = _hard_limits()
        if resource is not None:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the linker looks for the call now, and not in each child
        # A domain of its own: without it, a child shares the zygote's and may signal it.
        self._scopes = _ruleset(0, 0, _SCOPES) if _landlock_abi() >= _ABI_WITH_SCOPES else None
        self._filter = _FilterProgram(seccomp_filter) if seccomp_filter else None

    def enter(self, limits: Spawn) -> None:
        """Confine this child. Raises OSError where a layer that is there does not take."""
        if resource is None:
            return
        cpu, output = limits.cpu_seconds, limits.output_bytes
        memory = self._baseline + limits.memory_bytes if self._baseline else resource.RLIM_INFINITY
        self._bound("RLIMIT_AS", memory, memory)
        self._bound("RLIMIT_CPU", cpu, cpu + 1)  # SIGXCPU first, which tells this limit from others; then SIGKILL
        self._bound("RLIMIT_FSIZE", output, output)
        self._bound("RLIMIT_NOFILE", _DESCRIPTORS, _DESCRIPTORS)
        for name in _NONE_OF:
            self._bound(name, 0, 0)
        if self._scopes is not None:
            _restrict(self._scopes)
        if self._filter:
            _load_filter(self._filter)

    def _bound(self, name: str, soft: int, hard: int) -> None:
        """Set a limit, as far as the zygote's allows, where there is one of that name."""
        if name in self._limits:
            number, most = self._limits[name]
            bounded = (soft, hard) if most == resource.RLIM_INFINITY else (min(soft, most), min(hard, most))
            resource.setrlimit(number, bounded)
