"""The quick reader of YAML gives what the thorough one gives, or leaves the document to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from grader.course.yaml_reader import _composed, _well_formed
from repository import ROOT

TEXT = (ROOT / "course.yml").read_text(encoding="utf-8")[:1500]
ODD = "::--\n\n\t\"'{}[]#&*!|>%@\\ \x07\u2028\u00e9?,\r"

pytestmark = pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="this PyYAML came without libyaml")


def plain(node: yaml.Node | None) -> Any:
    """A node's tags, values and lines."""
    if isinstance(node, yaml.SequenceNode):
        return node.tag, node.start_mark.line, [plain(each) for each in node.value]
    if isinstance(node, yaml.MappingNode):
        return node.tag, node.start_mark.line, [(plain(key), plain(value)) for key, value in node.value]
    return node and (node.tag, node.start_mark.line, node.value)


@given(st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.sampled_from(ODD)), max_size=3))
def test_both_readers_find_the_same_nodes_at_the_same_lines(changes):
    letters = list(TEXT)
    for place, letter in changes:
        letters[place] = letter
    found = _well_formed("".join(letters))
    assert found is None or plain(found) == plain(_composed("".join(letters), Path("course.yml"), yaml.SafeLoader))


def test_a_course_is_read_by_the_quick_one():
    assert _well_formed(TEXT.rpartition("\n  -")[0]) is not None
