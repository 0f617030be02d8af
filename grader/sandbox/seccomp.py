"""Which system calls student code may make: the policy, as the filter programs that the kernel takes.

They are made here, in the trusted process, and sent to the worker, which only loads them: libseccomp is not beside student
code, and a worker cannot start without a filter because something went wrong as it looked for that library.
"""

from __future__ import annotations

import ctypes.util
import functools
import os
from typing import Any


def _pyseccomp() -> Any:
    """The module, with the library that the system's linker finds; None where there is none.

    It would search by itself for where that is, with processes of `ldconfig` and compilers that happen to be installed: slow, and
    if one is killed, this process would have no filter for good.
    """
    if os.name != "posix":
        return None
    usual, ctypes.util.find_library = ctypes.util.find_library, _name_for_the_linker
    try:
        import pyseccomp  # noqa: PLC0415  as above
    except (ImportError, OSError, RuntimeError):  # not Linux, or no libseccomp
        return None
    finally:
        ctypes.util.find_library = usual
    return pyseccomp


def _name_for_the_linker(name: str) -> str | None:
    """None for what is loaded anyway."""
    return "libseccomp.so.2" if name == "seccomp" else None


pyseccomp = _pyseccomp()

__all__ = ["child_filter", "zygote_filter"]

# What Python and numpy call after their start; found by running them. Names that an architecture lacks are skipped.
# Not among them is what tells of, or changes, state of the kernel that outlives a process: mincore, readahead, fadvise
# and preadv2 (which pages are in memory), getrusage (whether reading one had to wait), sysinfo (how much memory is free),
# pipe (a number that all processes count on).
_ALLOWED = [
    "read", "readv", "write", "writev", "pread64", "preadv", "lseek", "close", "dup", "dup2", "dup3",
    "stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2",
    "readlink", "readlinkat", "getdents64", "getcwd", "mmap", "munmap", "mprotect", "mremap",
    "brk", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending",
    "rt_sigtimedwait", "rt_sigsuspend", "sigaltstack", "pause", "alarm", "getitimer", "setitimer",
    "set_robust_list", "rseq", "set_tid_address", "sched_yield",
    "restart_syscall", "nanosleep", "gettimeofday", "time",
    "times", "uname", "getpid", "getppid", "gettid", "getpgrp",
    "getuid", "geteuid", "getgid", "getegid", "getgroups", "getresuid", "getresgid", "getrlimit",
    "setrlimit", "getrandom", "getcpu", "umask", "poll", "ppoll", "select", "pselect6",
    "exit", "exit_group",
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
# MADV_NORMAL, DONTNEED, FREE, HUGEPAGE: what glibc and numpy advise. Not those that read pages in or throw them out.
_ALLOWED_ADVICE = [0, 4, 8, 14]
_PRIVATE = 128
"""What a futex is said to be that one process uses: another's may wait at one in a file that both have mapped, and be woken."""
_NEGATIVE = 0x8000_0000
"""The sign of an int: the clocks below 0 are those of other processes, by their numbers."""
_OPENED_TO_CHANGE = os.O_ACCMODE | os.O_CREAT | os.O_TRUNC if hasattr(os, "O_ACCMODE") else 0
"""What a file is opened with to be written, made or emptied: nothing of a student's code is to outlive it, whoever it runs as."""
_CLONE_FLAGS_DENIED = 0x7E02_0000 | 0x80 | 0x10000  # namespaces, new time namespace, threads


@functools.cache
def zygote_filter() -> bytes:
    """A filter that denies, with EPERM, every system call but those listed (and kills other architectures').

    Empty where there is no libseccomp.
    """
    if pyseccomp is None:
        return b""
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(1))
    for name in (*_ALLOWED, *_ALLOWED_TO_ZYGOTE):
        _rule(rules, pyseccomp.ALLOW, name)
    for name, commands in _ALLOWED_COMMANDS.items():
        for command in commands:
            _rule(rules, pyseccomp.ALLOW, name, pyseccomp.Arg(1, pyseccomp.EQ, command))
    for name, flags in (("openat", 2), ("open", 1)):
        _rule(rules, pyseccomp.ALLOW, name, pyseccomp.Arg(flags, pyseccomp.MASKED_EQ, _OPENED_TO_CHANGE, os.O_RDONLY))
    for advice in _ALLOWED_ADVICE:
        _rule(rules, pyseccomp.ALLOW, "madvise", pyseccomp.Arg(2, pyseccomp.EQ, advice))
    _rule(rules, pyseccomp.ALLOW, "futex", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _PRIVATE, _PRIVATE))
    for name in ("clock_gettime", "clock_getres", "clock_nanosleep"):
        _rule(rules, pyseccomp.ALLOW, name, pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _NEGATIVE, 0))
    # Its own alone: with another process's number the first would change the zygote's limits.
    for name in ("prlimit64", "sched_getaffinity"):
        _rule(rules, pyseccomp.ALLOW, name, pyseccomp.Arg(0, pyseccomp.EQ, 0))
    # fork() is clone() with a signal number alone; threads and namespaces carry flags. glibc falls back from clone3.
    _rule(rules, pyseccomp.ALLOW, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_FLAGS_DENIED, 0))
    _rule(rules, pyseccomp.ERRNO(38), "clone3")
    return _program(rules)


@functools.cache
def child_filter() -> bytes:
    """A filter, beside the zygote's, that denies what the zygote alone needs. Empty where there is no libseccomp."""
    if pyseccomp is None:
        return b""
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    # With a lower hard limit the kernel would kill it, which nobody but somebody else is to be able to.
    for name in (*_ALLOWED_TO_ZYGOTE, "clone", "setrlimit"):
        _rule(rules, pyseccomp.ERRNO(1), name)
    _rule(rules, pyseccomp.ERRNO(1), "prlimit64", pyseccomp.Arg(2, pyseccomp.NE, 0))
    return _program(rules)


def _program(rules: Any) -> bytes:
    """The rules as an array of struct sock_filter."""
    with open(os.memfd_create("filter"), "w+b") as file:  # noqa: PTH123  a descriptor
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _rule(rules: Any, action: int, name: str, *arguments: Any) -> None:
    try:
        rules.add_rule(action, name, *arguments)
    except (OSError, ValueError):  # no such call on this architecture, or unknown to this libseccomp
        return
