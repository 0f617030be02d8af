"""Where feedback speaks of a student's lines: these are marked in the answer, and the words lead to them. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup, escape

from grader.names import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.reports.about import AboutExercise
    from grader.wire.messages import Chunk

__all__ = ["Line", "Listing", "cited_lines", "in_html", "listings"]

_MOST_LINES = 1_000
"""How many lines of an answer are shown."""
_LONGEST = 400
"""How many characters of a line are."""

_CALL = re.compile(r"^[A-Za-z_]\w*\(.*\):$")
_CITED = r"(?P<name>(?:code|markdown|raw) cell \d{1,6}|\w+\.py), line (?P<line>\d{1,6})\b"
_CODE = r"`[^`\n]{1,400}`|\[[-+\d\s.,eE\[\]infa]{1,400}\]|\((?:\d+, ?)+(?:\d+)?\)"
"""What is read letter by letter: quoted code, an array, a shape."""
_MARKED = re.compile(r"[`\[(]|line \d")
"""What no text is without that has code in it or cites a line: most have neither."""
_IN_CELLS = re.compile(f"(?P<code>{_CODE})|{_CITED}")
_IN_A_FILE = re.compile(rf"(?P<code>{_CODE})|{_CITED}|\bline (?P<alone>\d{{1,6}})\b")
"""Of a file a line is cited by its number, too."""


class Line(msgspec.Struct, frozen=True):
    """One line of an answer."""

    number: int
    text: str
    place: str
    """The name of its place on the page, where it is cited."""


class Listing(msgspec.Struct, frozen=True):
    """A file, or a cell, as far as it is shown."""

    name: str
    lines: tuple[Line, ...]
    left_out: int
    """How many lines are not shown."""

    @property
    def html(self) -> Markup:
        """Its lines with their numbers, those that are cited marked. Escaped at once: a page has more lines than all else."""
        texts = str(escape("\n".join(line.text for line in self.lines))).split("\n")
        return Markup("".join(map(_numbered, self.lines, texts)))  # noqa: S704  escaped above


def _numbered(line: Line, text: str) -> str:
    """A line as HTML, of its text as HTML."""
    if line.place:
        return f'<mark class="line" id="{escape(line.place)}"><span>▶ {line.number}</span><code>{text}</code></mark>'
    return f'<span class="line"><span>{line.number}</span><code>{text}</code></span>'


def cited_lines(texts: Iterable[str], answer: Sequence[Chunk]) -> Mapping[str, frozenset[int]]:
    """The lines that texts speak of, by the name of the file or cell."""
    found: dict[str, set[int]] = {each.name: set() for each in answer}
    for text in texts if answer else ():
        for match in _pattern(answer).finditer(text):
            name, line = _cited(match, answer)
            if name in found:
                found[name].add(line)
    return {name: frozenset(lines) for name, lines in found.items()}


def _pattern(answer: Sequence[Chunk]) -> re.Pattern[str]:
    return _IN_A_FILE if len(answer) == 1 and answer[0].name.endswith(".py") else _IN_CELLS


def _cited(match: re.Match[str], answer: Sequence[Chunk]) -> tuple[str, int]:
    """The file or cell and the line that a match is about; no name for other matches."""
    found = match.groupdict()
    if found.get("alone"):
        return answer[0].name, int(found["alone"])
    return (found["name"] or "", int(found["line"] or 0))


def listings(exercise: str, about: AboutExercise, cited: Mapping[str, frozenset[int]]) -> tuple[Listing, ...]:
    """What is shown of an answer: the cells that answer the exercise, and those of which a line is cited."""
    found, room = [], _MOST_LINES
    for index, chunk in enumerate(about.answer):
        if room and chunk.source.strip() and (chunk.name in about.own or cited.get(chunk.name)):
            lines = chunk.source.rstrip("\n").split("\n")
            marked = cited.get(chunk.name, ())
            kept = tuple(
                Line(number, _inert(text), f"{exercise}-{index + 1}-{number}" if number in marked else "")
                for number, text in enumerate(lines[:room], 1)
            )
            found.append(Listing(chunk.name, kept, len(lines) - len(kept)))
            room -= len(kept)
    return tuple(found)


def _inert(text: str) -> str:
    text = text.rstrip("\r")
    return shown(text[:_LONGEST].expandtabs(4)) + " …" * (len(text) > _LONGEST)


def in_html(text: str, answer: Sequence[Chunk], places: Mapping[tuple[str, int], str]) -> Markup:
    """Feedback as HTML: code and arrays in letters of one width, and links to the lines it cites that have a place."""
    if not _MARKED.search(text):
        return escape(text)
    return Markup("\n").join(_line(line, answer, places) for line in text.split("\n"))


def _line(text: str, answer: Sequence[Chunk], places: Mapping[tuple[str, int], str]) -> Markup:
    if not _MARKED.search(text):
        return escape(text)
    if _CALL.match(text):
        return Markup("<code>{}</code>").format(text)
    return Markup("").join(_pieces(text, answer, places))


def _pieces(text: str, answer: Sequence[Chunk], places: Mapping[tuple[str, int], str]) -> Iterator[Markup]:
    end = 0
    for match in _pattern(answer).finditer(text):
        yield escape(text[end : match.start()])
        end = match.end()
        if match["code"]:
            yield Markup("<code>{}</code>").format(match["code"].strip("`"))
        elif place := places.get(_cited(match, answer)):
            yield Markup('<a href="#{}">{}</a>').format(place, match[0])
        else:
            yield escape(match[0])
    yield escape(text[end:])
