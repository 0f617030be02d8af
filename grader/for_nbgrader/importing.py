"""Import what is built on nbgrader, without what takes a third of that and that nothing here asks for."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["without_iri_grammar"]

_GRAMMAR = "rfc3987_syntax"


@contextmanager
def without_iri_grammar() -> Iterator[None]:
    """Meanwhile `jsonschema` finds no package that parses IRIs, which it does without.

    It is imported for the schemas of nbgrader's web server, and takes a second to make its parser; a notebook's schema has no IRI.
    """
    absent = _GRAMMAR not in sys.modules
    if absent:
        sys.modules[_GRAMMAR] = None  # type: ignore[assignment]  # so Python says that there is none
    try:
        yield
    finally:
        if absent:
            del sys.modules[_GRAMMAR]
