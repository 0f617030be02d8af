"""Which imports are refused in words: those that a program asks for, and not what a library looks for and can do without."""

from __future__ import annotations

import importlib
import importlib.util

import pytest

from grader.worker.cells import ForbiddenImport
from grader.worker.program import _ImportPolicy

POLICY = _ImportPolicy(["torch"])
ASKS = "def asks(policy):\n    return policy.find_spec('pandas.core')\n"


def asking(**names):
    exec(ASKS, names)  # noqa: S102  the test's own
    return names["asks"]


def test_a_program_that_asks_for_what_is_not_allowed_is_refused_in_words() -> None:
    """Whatever it executes: nothing of it was found as a module."""
    for names in ({}, {"__name__": "relu"}, {"__name__": "relu", "__spec__": None}):
        with pytest.raises(ForbiddenImport, match="pandas"):
            asking(**names)(POLICY)


def test_to_a_library_it_is_just_not_there() -> None:
    assert asking(__name__="torch.fx", __spec__=importlib.util.find_spec("json"))(POLICY) is None


def test_what_is_allowed_is_left_to_python() -> None:
    for name in ("json", "numpy.linalg", "torch.nn"):
        assert POLICY.find_spec(name) is None


def test_who_asks_is_seen_through_importlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.meta_path", [POLICY])
    names: dict = {"importlib": importlib, "__name__": "relu"}
    exec("def asks():\n    importlib.import_module('pandas')\n", names)  # noqa: S102  the test's own
    with pytest.raises(ForbiddenImport, match="pandas"):
        names["asks"]()
