"""Which layers of isolation this machine offers, what each protects from, and how to get the missing ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BASELINE", "IN_A_CONTAINER", "LAYERS", "NOTHING", "Layer", "Required", "missing", "require"]


class Layer(msgspec.Struct, frozen=True):
    """A layer of isolation, by the name that Reports give it."""

    name: str
    protects: str
    get: str


_KERNEL = "a Linux kernel of {} or newer with CONFIG_SECURITY_LANDLOCK, and landlock in /sys/kernel/security/lsm"
_NAMESPACES = (
    "allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces; "
)
_NAMESPACES += (
    "on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0; in a container, --security-opt seccomp=unconfined)"
)

LAYERS = (
    Layer("namespaces", "seeing or signalling other processes, any network, and leaving a process behind", _NAMESPACES),
    Layer("mounts", "seeing any file but Python's own", _NAMESPACES),
    Layer(
        "cgroup",
        "using more memory or processes than the limit, all processes together",
        "run under a delegated cgroup v2: systemd-run --user --scope -p Delegate=yes grader ...",
    ),
    Layer("no_new_privs", "gaining rights by running a set-uid program", "Linux"),
    Layer("capabilities", "using the rights of root, where the grader runs as root", "Linux"),
    Layer(
        "user",
        "reading, changing or signalling what is root's, where the grader runs as root and without namespaces",
        "not needed with namespaces, or as another user than root; else Python must lie where every user may read it",
    ),
    Layer("landlock:files", "reading or writing files beyond Python's own", _KERNEL.format("5.13")),
    Layer("landlock:tcp", "opening TCP connections", _KERNEL.format("6.7")),
    Layer("landlock:scopes", "signalling the grader, and abstract UNIX sockets", _KERNEL.format("6.12")),
    Layer(
        "seccomp",
        "fork, exec, threads, sockets, ptrace, chmod and every other call that numpy does not need",
        "libseccomp (Debian and Ubuntu: apt-get install libseccomp2) and pip install pyseccomp",
    ),
    Layer("rlimits", "using more CPU, memory, output or descriptors than the limit", "Linux or macOS"),
)

Required = tuple[tuple[str, ...], ...]
"""Layers that must be active: of each group, one."""

BASELINE: Required = (("landlock:files", "mounts"), ("seccomp",), ("rlimits",))
"""What grading needs."""

IN_A_CONTAINER: Required = (("user", "mounts"), ("seccomp",), ("rlimits",))
"""What grading needs as root in a container, which may have neither namespaces nor Landlock."""

NOTHING: Required = ()
"""What a student's own code needs, on the student's own machine."""


def missing(active: Iterable[str], required: Required = BASELINE) -> tuple[str, ...]:
    """The groups of which no layer is active, as "a or b"."""
    found = set(active)
    return tuple(" or ".join(group) for group in required if not found & set(group))


def require(active: Iterable[str], required: Required = BASELINE) -> None:
    """Refuse to run student code where something is missing. Raises UsageError, saying what, and what to do."""
    lacking = missing(active, required)
    if lacking:
        without = "`isolation: best-effort` in course.yml grades without, which is safe only for code that you trust"
        raise UsageError(
            f"this machine does not isolate student code: {', '.join(lacking)} missing. `grader doctor` says how to get it"
            + (f"; {without}" if required == BASELINE else "")
        )
