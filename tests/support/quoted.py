"""The commands that texts quote, read as a shell and the command line would read them."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import click
from markdown_it import MarkdownIt

from grader.cli.main import command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

__all__ = ["code_of", "commands_in", "every_command", "options_in", "options_of", "problem_of"]

_READER = MarkdownIt("commonmark").enable("table")
_COMMAND = re.compile(r"(?:^|[;&|(]|\$|-m|run:)\s*grader(?:\.cli)?(?=\s|$)")
_ENDS = {";", "&&", "||", "|", "&", ">", "2>", ")", "<", "#"}


def code_of(text: str) -> Iterator[str]:
    """What Markdown has as code: the lines of its blocks, those that go on joined, and each piece in a line."""
    yield from _code(_READER.parse(text))


def _code(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("code_block", "fence"):
            yield from token.content.replace("\\\n", " ").split("\n")
        if token.type == "code_inline":
            yield token.content
        yield from _code(token.children or ())


def commands_in(code: str) -> Iterator[list[str]]:
    """The words behind each `grader` of a line that begins a command, up to its end or a comment."""
    code = code.strip()
    for match in _COMMAND.finditer(code):
        # What stands further off, or behind a #, says what the command does.
        rest = re.split(r"\s{2,}|\s#", code[match.end() :])[0]
        lexer = shlex.shlex(rest, posix=True, punctuation_chars=";&|<>()")
        lexer.whitespace_split = True
        words: list[str] = []
        for word in lexer:
            if word in _ENDS:
                break
            words.append(word)
        yield words


def problem_of(words: Sequence[str]) -> str:
    """What is no command or option of this version in a quoted command; empty where all is. Words in capitals stand for others."""
    current: click.Command = command
    context, called = click.Context(command), "grader"
    waiting = list(words)
    while waiting:
        word = waiting.pop(0).strip("[]")
        if word.startswith("-") and len(word) > 1:
            name, equals, _ = word.partition("=")
            known = {
                option: each for each in current.get_params(context) for option in (*each.opts, *each.secondary_opts)
            }
            if name not in known:
                return f"{called} has no option {name}"
            option = known[name]
            if not equals and isinstance(option, click.Option) and not option.is_flag and not option.count and waiting:
                waiting.pop(0)
        elif isinstance(current, click.Group) and word.isupper():
            left = {each.partition("=")[0].strip("[]") for each in waiting if each.startswith(("-", "[-"))}
            unknown = left - options_of(current)
            return f"no command of {called} has an option {unknown.pop()}" if unknown else ""
        elif isinstance(current, click.Group) and word:
            found = current.get_command(context, word)
            if found is None:
                return f"{called} has no command {word}"
            current, context, called = found, click.Context(found, parent=context), word
    return ""


def every_command(current: click.Command = command) -> Iterator[click.Command]:
    """The command, and all below it."""
    yield current
    if isinstance(current, click.Group):
        context = click.Context(current)
        for name in current.list_commands(context):
            found = current.get_command(context, name)
            assert found is not None
            yield from every_command(found)


def options_of(current: click.Command) -> frozenset[str]:
    """All options of a command, and of those below it."""
    return frozenset(option for each in every_command(current) for option in _names(each))


def _names(current: click.Command) -> Iterator[str]:
    for each in current.get_params(click.Context(current)):
        yield from (*each.opts, *each.secondary_opts)


def options_in(code: str) -> list[str]:
    """The long options that a piece of code is about, where it begins with one."""
    return re.findall(r"^(--[a-z][\w-]*)", code.strip())
