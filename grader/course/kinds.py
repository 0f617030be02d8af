"""What may stand as a value in course.yml: each kind in words, for the reference page, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import yaml

    from grader.course.yaml_reader import Reader

__all__ = ["FLAG", "MOMENT", "TEXT", "Key", "Kind", "choice", "positive", "section", "structure", "values", "whole"]


class Kind(msgspec.Struct, frozen=True):
    """A kind of value."""

    words: str
    read: Callable[[Reader, yaml.Node, str], Any]
    """The value of a node, which goes by a name in messages."""


class Key(msgspec.Struct, frozen=True):
    """One key of a mapping: what may stand there, what it means, and what holds where it is left out."""

    kind: Kind
    about: str
    default: object = ""
    required: bool = False


TEXT = Kind("one line of text", lambda reader, node, what: reader.phrase(node, what))
FLAG = Kind("true or false", lambda reader, node, what: reader.flag(node, what))
MOMENT = Kind("a date and time with its zone", lambda reader, node, what: reader.moment(node, what))


def whole(least: int, most: int) -> Kind:
    """A whole number in a range."""
    return Kind(
        f"a whole number from {least} to {most}", lambda reader, node, what: reader.whole(node, what, least, most)
    )


def positive(most: float) -> Kind:
    """A number above 0."""
    return Kind(f"a number above 0, at most {most:g}", lambda reader, node, what: reader.positive(node, what, most))


def choice(literal: object) -> Kind:
    """One of the words of a Literal."""
    known = get_args(literal)
    return Kind(" or ".join(f"`{each}`" for each in known), lambda reader, node, what: reader.choice(node, what, known))


def section(keys: Mapping[str, Key]) -> Kind:
    """A mapping of its own: those of its values that are given, by their keys."""
    return Kind("a mapping", lambda reader, node, what: values(reader, node, what, keys))


def structure(words: str) -> Kind:
    """What is read by who knows what is around it: the node itself."""
    return Kind(words, lambda _reader, node, _what: node)


def values(
    reader: Reader, node: yaml.Node, what: str, keys: Mapping[str, Key], *, optional: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The values of a mapping that are given, by their keys; those of `optional` may be left out where they are required."""
    required = tuple(name for name, key in keys.items() if key.required and name not in optional)
    nodes = reader.mapping(node, what, tuple(keys), required)
    return {name: keys[name].kind.read(reader, value, name) for name, value in nodes.items()}
