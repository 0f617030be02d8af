"""What workers are locked by on this machine, as it is found out."""

from __future__ import annotations

import msgspec

__all__ = ["Machine"]


class Machine(msgspec.Struct, frozen=True):
    """The seccomp filters, and the shared objects that student code may read; without these each worker finds them itself."""

    zygote_filter: bytes
    child_filter: bytes
    shared_objects: tuple[str, ...] = ()

    @staticmethod
    def found() -> Machine:
        """Its filters, made now."""
        from grader.sandbox import seccomp  # noqa: PLC0415  it looks for a library, which takes long, and is not always asked

        return Machine(seccomp.zygote_filter(), seccomp.child_filter())
