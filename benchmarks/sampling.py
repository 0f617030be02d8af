"""A sample of a benchmark's table, drawn by a seed: minutes instead of hours."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

__all__ = ["drawn", "sample_option"]

_Each = TypeVar("_Each")


def sample_option(parser: argparse.ArgumentParser) -> None:
    """Let a benchmark be told to take a sample; without, `sample` is None."""
    parser.add_argument("--sample", metavar="SEED", type=int, help="a small sample of the table, drawn by this seed")


def drawn(each: Sequence[_Each], few: int, seed: int | None) -> list[_Each]:
    """So many of them in their order; all without a seed."""
    if seed is None or len(each) <= few:
        return list(each)
    chosen = random.Random(seed).sample(range(len(each)), few)  # noqa: S311  a sample
    return [each[index] for index in sorted(chosen)]
