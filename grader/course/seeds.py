"""What a seed is worth: hidden inputs are as hidden as the number that they are drawn from. Pure."""

from __future__ import annotations

__all__ = ["seed_notice"]

_SEARCHED = 2**40
"""Seeds below this are tried in hours, with one number of a hidden input to compare with; a date is one of thousands."""


def seed_notice(seed: int | None) -> str | None:
    """Why the hidden inputs of a seed are public in effect, where they are: one that is a date, or short."""
    if seed is None or seed >= _SEARCHED:
        return None
    return (
        f"the hidden inputs are as good as public: {seed} in course.yml is a seed that can be found by trying (the one "
        "that comes with this repository is known to all). Draw 63 random bits before the course begins: "
        'python -c "import secrets; print(secrets.randbits(63))"'
    )
