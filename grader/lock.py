"""Everything that confines a process: capabilities, Landlock, seccomp and rlimits. Linux has all; elsewhere, what there is.

The worker locks itself once (`lock_zygote`); each child that will run student code adds what only it must not do
(`lock_child`). Landlock comes before seccomp, which then denies making another ruleset. Layers that the kernel does not
offer are left out and named as missing by omission: both functions say which are active.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import signal
import struct
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]
try:
    import pyseccomp
except (ImportError, OSError, RuntimeError):  # not Linux, or no libseccomp
    pyseccomp = None

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.wire import Spawn

__all__ = ["ChildLock", "die_with_parent", "lock_zygote", "memory_in_use", "readable_roots"]

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

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

# What Python and numpy call after their start; found by running them. Names that an architecture lacks are skipped.
_ALLOWED = [
    "read", "readv", "write", "writev", "pread64", "preadv", "lseek", "close", "dup", "dup2", "dup3",
    "openat", "open", "stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2",
    "readlink", "readlinkat", "getdents64", "getcwd", "statfs", "fstatfs", "mmap", "munmap", "mprotect", "mremap",
    "madvise", "brk", "mincore", "membarrier", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending",
    "rt_sigtimedwait", "rt_sigsuspend", "sigaltstack", "pause", "alarm", "getitimer", "setitimer", "futex",
    "set_robust_list", "get_robust_list", "rseq", "set_tid_address", "sched_yield", "sched_getaffinity",
    "restart_syscall", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    "times", "getrusage", "sysinfo", "uname", "getpid", "getppid", "gettid", "getpgrp", "getpgid", "getsid",
    "getuid", "geteuid", "getgid", "getegid", "getgroups", "getresuid", "getresgid", "capget", "getrlimit",
    "setrlimit", "getrandom", "getcpu", "getpriority", "umask", "poll", "ppoll", "select", "pselect6", "pipe",
    "pipe2", "exit", "exit_group",
]  # fmt: skip
_ALLOWED_TO_ZYGOTE = [
    "recvmsg", "sendmsg", "recvfrom", "sendto", "fork", "vfork", "wait4", "waitid", "kill", "tgkill", "prctl",
    "capset", "landlock_restrict_self", "setsid", "setpgid",
]  # fmt: skip
_ALLOWED_COMMANDS = {
    # TCGETS and TIOCGWINSZ (is it a terminal?), FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: none that changes a file.
    "ioctl": [0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451],
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: no locks, leases, or signals to whom one names.
    "fcntl": [0, 1, 2, 3, 4, 1030],
}
"""What two calls that do everything may be asked for, by their second argument."""

_DESCRIPTORS = 64
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
    return int(_libc.prctl(option, *map(ctypes.c_ulong, (value, argument, 0, 0))))


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


def readable_roots(packages: Iterable[str]) -> Iterator[Path]:
    """What Python needs to read after its start: the standard library, shared objects, and the given packages.

    The standard library's folder is listed entry by entry, because site-packages often lies inside it.
    """
    for root in _library_roots():
        yield from (entry for entry in root.iterdir() if entry.name not in {"site-packages", "dist-packages"})
    for name in packages:
        spec = importlib.util.find_spec(name)
        for place in (spec and spec.submodule_search_locations) or ():
            yield Path(place)
            yield Path(place).with_name(f"{name}.libs")
    yield from map(Path, ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache"))
    yield from map(Path, ("/dev/null", "/dev/zero", "/dev/urandom"))


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
    """Give up every capability, for good: root becomes an ordinary user that owns root's files."""
    for capability in range(64):
        _prctl(_PR_CAPBSET_DROP, capability)
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    if _libc is None or _libc.capset(header, struct.pack("<6I", 0, 0, 0, 0, 0, 0)) != 0:
        raise OSError("capset failed")


def lock_zygote(readable: Iterable[Path]) -> tuple[str, ...]:
    """Confine this process and all that it forks; returns the layers that are active, in order.

    It may from now on read beneath `readable`, fork, and talk over what it has open: nothing else.
    """
    if sys.platform != "linux":
        return ("rlimits",) if resource else ()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)
    layers = ["no_new_privs"]
    _drop_capabilities()
    layers.append("capabilities")
    abi = _landlock_abi()
    if abi:
        files = _FILE_RIGHTS.get(abi, _FILE_RIGHTS_NEWEST)
        tcp = _TCP_RIGHTS if abi >= _ABI_WITH_TCP else 0
        _restrict(_ruleset(files, tcp, _SCOPES if abi >= _ABI_WITH_SCOPES else 0, readable))
        layers += ["landlock:files", *["landlock:tcp"] * bool(tcp), *["landlock:scopes"] * (abi >= _ABI_WITH_SCOPES)]
    if pyseccomp:
        _allow([*_ALLOWED, *_ALLOWED_TO_ZYGOTE])
        layers.append("seccomp")
    return (*layers, "rlimits")


def _allow(names: Iterable[str]) -> None:
    """Load a seccomp filter that denies, with EPERM, every system call but these (and kills other architectures')."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(1))
    for name in names:
        _rule(rules, pyseccomp.ALLOW, name)
    for name, commands in _ALLOWED_COMMANDS.items():
        for command in commands:
            _rule(rules, pyseccomp.ALLOW, name, pyseccomp.Arg(1, pyseccomp.EQ, command))
    # Its own limits alone: with another process's number this call would change the zygote's.
    _rule(rules, pyseccomp.ALLOW, "prlimit64", pyseccomp.Arg(0, pyseccomp.EQ, 0))
    # fork() is clone() with a signal number alone; threads and namespaces carry flags. glibc falls back from clone3.
    _rule(rules, pyseccomp.ALLOW, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_FLAGS_DENIED, 0))
    _rule(rules, pyseccomp.ERRNO(38), "clone3")
    rules.load()


_CLONE_FLAGS_DENIED = 0x7E02_0000 | 0x80 | 0x10000  # namespaces, new time namespace, threads


def _rule(rules: pyseccomp.SyscallFilter, action: int, name: str, *arguments: pyseccomp.Arg) -> None:
    try:
        rules.add_rule(action, name, *arguments)
    except (OSError, ValueError):  # no such call on this architecture, or unknown to this libseccomp
        return


class _FilterProgram(ctypes.Structure):
    """struct sock_fprog of linux/filter.h: a filter in the form that the kernel takes."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _filter_program(denied: Iterable[str]) -> _FilterProgram:
    """A seccomp filter that denies the given system calls, with EPERM, and no other."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in denied:
        _rule(rules, pyseccomp.ERRNO(1), name)
    with open(os.memfd_create("filter"), "w+b") as file:  # noqa: PTH123  a descriptor
        rules.export_bpf(file)
        file.seek(0)
        instructions = file.read()
    return _FilterProgram(len(instructions) // _FILTER_INSTRUCTION, instructions)


class ChildLock:
    """What a child adds to the zygote's lock; made in the zygote, as far as it can be."""

    def __init__(self) -> None:
        """Prepare what takes away what the zygote alone needs; memory counts from what is in use now."""
        self._baseline = memory_in_use()
        # A domain of its own: without it, a child shares the zygote's and may signal it.
        self._scopes = _ruleset(0, 0, _SCOPES) if _landlock_abi() >= _ABI_WITH_SCOPES else None
        self._filter = _filter_program((*_ALLOWED_TO_ZYGOTE, "clone")) if pyseccomp else None

    def enter(self, limits: Spawn) -> None:
        """Confine this child. Raises OSError where a layer that is there does not take."""
        if resource is None:
            return
        cpu, output = limits.cpu_seconds, limits.output_bytes
        memory = self._baseline + limits.memory_bytes if self._baseline else resource.RLIM_INFINITY
        bounds_of = {
            "RLIMIT_AS": (memory, memory),
            "RLIMIT_CPU": (cpu, cpu + 1),  # SIGXCPU first, which tells this limit from others; then SIGKILL
            "RLIMIT_FSIZE": (output, output),
            "RLIMIT_NOFILE": (_DESCRIPTORS, _DESCRIPTORS),
            "RLIMIT_NPROC": (0, 0), "RLIMIT_CORE": (0, 0), "RLIMIT_MEMLOCK": (0, 0), "RLIMIT_MSGQUEUE": (0, 0),
        }  # fmt: skip
        for name, wanted in bounds_of.items():
            if hasattr(resource, name):
                _, most = resource.getrlimit(getattr(resource, name))
                bounds = [bound if most == resource.RLIM_INFINITY else min(bound, most) for bound in wanted]
                resource.setrlimit(getattr(resource, name), (bounds[0], bounds[1]))
        if self._scopes is not None:
            _restrict(self._scopes)
        if self._filter and _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(self._filter)) != 0:
            raise OSError("the seccomp filter did not load")
