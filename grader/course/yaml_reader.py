"""A YAML document read node by node, so that everything wrong in it is reported at once, each with its line."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from grader.errors import CourseError, did_you_mean
from grader.names import breaks_lines

__all__ = ["Reader", "compose"]

_Entries = dict[str, yaml.Node]
"""The entries of a mapping: its keys, and the nodes of their values."""

MAX_DEPTH = 16
"""How deep a document may nest (a course needs 6): PyYAML recurses once for every level."""

MAX_SHOWN = 60
"""How many characters of a wrong word a message repeats."""


def compose(data: bytes, path: Path) -> yaml.Node:
    """The nodes of a document; `path` is for messages.

    Raises CourseError for what is not UTF-8 or not YAML, is empty, or nests without end.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CourseError(f"byte {error.start} is not UTF-8; save the file as UTF-8", path=path, line=line) from None
    try:
        node = _well_formed(text) or _composed(text, path, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        problem = f"not YAML: {error.problem}; check quotes, colons and indentation around here"
        mark = error.problem_mark
        raise CourseError(problem, path=path, line=mark.line + 1 if mark else None) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise CourseError("a character that YAML does not allow; delete it", path=path, line=line) from None
    except (ValueError, OverflowError):  # what PyYAML lets through for an escape such as "\UFFFFFFFF"
        raise CourseError("not YAML: an escape for a character that does not exist", path=path) from None
    if node is None:
        raise CourseError("the file is empty", path=path)
    return node


def _well_formed(text: str) -> yaml.Node | None:
    """The nodes by libyaml, which takes a tenth of the time; None where it is not there, or has anything to object.

    What is wrong is then told by PyYAML's own words.
    """
    loader = getattr(yaml, "CSafeLoader", None)
    if loader is None:
        return None
    try:
        return _composed(text, Path(), loader)
    except (yaml.YAMLError, CourseError, ValueError, OverflowError):
        return None


def _composed(text: str, path: Path, loader: Any) -> yaml.Node | None:
    """Raises CourseError for what nests without end, and what PyYAML raises."""
    # Events come without recursion: they bound the depth before composing recurses.
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            problem = f"lists and mappings nest more than {MAX_DEPTH} deep; a course needs 6"
            raise CourseError(problem, path=path, line=event.start_mark.line + 1 if event.start_mark else None)
    return yaml.compose(text, Loader=loader)


class Reader:
    """Turns nodes into values and collects what is wrong with them.

    Once something is wrong the values do not matter any more: a stand-in of the right type is returned.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        """Read the document `data`, which `path` names in messages."""
        self.path = path
        self._lines = data.decode(errors="replace").removeprefix("\ufeff").splitlines()
        self.problems: list[CourseError] = []
        self._seen: dict[tuple[str, str], int] = {}

    def wrong(self, node: yaml.Node, problem: str) -> None:
        """Note a problem at a node."""
        self.problems.append(CourseError(problem, path=self.path, line=node.start_mark.line + 1))

    def mapping(self, node: yaml.Node, what: str, known: tuple[str, ...], required: tuple[str, ...] = ()) -> _Entries:
        """The known entries of a mapping."""
        listed = f"its keys are {', '.join(known)}"
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"{what} must be a mapping; {listed}")
            return {}
        found: _Entries = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name not in known:
                problem = f"unknown key {_shortened(name)} in {what}; {listed}{did_you_mean(name, known)}"
                self.wrong(key, problem)
            elif name in found:
                self.wrong(key, f"duplicate key {name!r} in {what}; keep one of them")
            else:
                found[name] = value
        for name in required:
            if name not in found:
                self.wrong(node, f"missing key {name!r} in {what}; it needs {', '.join(required)}")
        return found

    def items(self, node: yaml.Node, what: str, *, empty: bool = False) -> list[yaml.Node]:
        """The nodes of a list, which must have one unless `empty`."""
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f"{what} must be a list")
            return []
        if not node.value and not empty:
            self.wrong(node, f"{what} is empty; list at least one")
        return list(node.value)

    def text(self, node: yaml.Node, what: str) -> str:
        """One line of text."""
        text = _scalar(node, "str")
        if text is None:
            self.wrong(node, f"{what} must be text; put a number, a date, yes or no in quotes")
        elif not text.strip() or breaks_lines(text):
            self.wrong(node, f"{what} must be one line of text, not empty and without control characters")
        else:
            return text
        return ""

    def phrase(self, node: yaml.Node, what: str) -> str:
        """One line of text that a person has phrased: what seems to go on behind a # is not lost in silence."""
        text = self.text(node, what)
        end = node.end_mark
        if text and not getattr(node, "style", "") and re.match(r"\s+#\S", self._lines[end.line][end.column :]):
            self.wrong(
                node,
                f"{what} ends before the #, which begins a comment: put all of it in quotes, or a space after the #",
            )
        return text

    def matching(self, node: yaml.Node, what: str, pattern: str, rule: str) -> str:
        """One line of text that matches a pattern, or nothing; `rule` says the pattern in words."""
        text = self.text(node, what)
        if text and not re.fullmatch(pattern, text):
            self.wrong(node, f"{what} {_shortened(text)} must be {rule}")
            return ""
        return text

    def unused(self, node: yaml.Node, what: str, name: str) -> bool:
        """Whether nothing of this kind has had this name before."""
        if line := self._seen.get((what, name)):
            self.wrong(node, f"duplicate {what} {name!r}; each may be used once, and line {line} has this one")
            return False
        self._seen[what, name] = node.start_mark.line + 1
        return True

    def choice(self, node: yaml.Node, what: str, known: tuple[str, ...]) -> str:
        """One of the known words."""
        text = self.text(node, what)
        if text and text not in known:
            problem = f"unknown {what} {_shortened(text)}; known are {', '.join(known)}{did_you_mean(text, known)}"
            self.wrong(node, problem)
        return text

    def whole(self, node: yaml.Node, what: str, least: int, most: int) -> int:
        """An integer from `least` to `most`."""
        try:
            number = int(_scalar(node, "int") or "")
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            self.wrong(node, f"{what} must be a whole number from {least} to {most}")
        return number

    def positive(self, node: yaml.Node, what: str, most: float) -> float:
        """A number above 0, up to `most`."""
        try:
            number = float(_scalar(node, "int", "float") or "")
        except ValueError:
            number = 0.0
        if not 0 < number <= most:
            self.wrong(node, f"{what} must be a number above 0, at most {most:g}")
        return number

    def flag(self, node: yaml.Node, what: str) -> bool:
        """True or false, in any of YAML's spellings."""
        text = _scalar(node, "bool")
        if text is None:
            self.wrong(node, f"{what} must be true or false")
        return (text or "").lower() in {"true", "yes", "on"}

    def moment(self, node: yaml.Node, what: str) -> datetime | None:
        """A date and time with its time zone."""
        example = "write it such as 2027-03-01T23:59:00+01:00"
        try:
            moment = datetime.fromisoformat(_scalar(node, "timestamp", "str") or "")
        except ValueError:
            self.wrong(node, f"{what} must be a date and time; {example}")
            return None
        if moment.tzinfo is None:
            self.wrong(node, f"{what} has no time zone; {example}, or with Z at the end for UTC")
        return moment


def _scalar(node: yaml.Node, *kinds: str) -> str | None:
    """The text of a scalar of one of the given YAML types; None for anything else."""
    fits = isinstance(node, yaml.ScalarNode) and node.tag.removeprefix("tag:yaml.org,2002:") in kinds
    return str(node.value) if fits else None


def _shortened(text: str) -> str:
    """Text of the document, quoted and short enough for a message of one line."""
    return repr(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}...")
