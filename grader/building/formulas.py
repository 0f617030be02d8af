"""Formulas as a task writes them, in plain text, as MathML: `dW[j, k] = sum over n of X[n, j] * dout[n, k]`. Pure.

What is no formula of this kind, as prose and code are, stays text. Nothing is computed, so that nothing can be given away.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["block", "formula"]

_TOKEN = re.compile(
    r"(?P<space>\s*)(?:(?P<number>\d+(?:\.\d+)?(?:e-?\d+)?)|(?P<name>[A-Za-z][A-Za-z0-9]*(?:_(?:[A-Za-z0-9]+|(?=\()))?'*)"
    r"|(?P<sign>\*\*|<=|>=|!=|\.\.\.|\.T\b|[-+*/@=<>()\[\],|^]))"
)
_GREEK = {name: f"&{name};" for name in ("alpha", "beta", "gamma", "delta", "phi", "Phi", "pi", "sigma")} | {
    "eps": "&epsilon;"
}
_RELATIONS = {"=": "=", "<": "<", ">": ">", "<=": "≤", ">=": "≥", "!=": "≠"}
_INFIX = dict.fromkeys(_RELATIONS, 20) | {",": 10, "+": 30, "-": 30, "*": 40, "/": 40, "@": 40, "**": 60}
"""How tightly each holds what is beside it."""
_PRODUCT, _POSTFIX = 40, 70
_BIG = {"sum": "<mo>∑</mo>", "mean": "<mi>mean</mi>", "product": "<mo>∏</mo>"}
"""What is taken `over` something `of` something."""
_AFTER = ("for", "where", "so", "call", "starting")
"""How words begin that may follow a formula."""
_WORDS = frozenset({*_AFTER, "and", "else", "if", "is", "not", "of", "over", "the", "then"})
_REST = re.compile(rf",?\s*(?:{'|'.join(_AFTER)})\b")
_COLUMNS = re.compile(r"\s{3,}(?![\s=])")
_GOES_ON = re.compile(r"\s*=\s+")
_CODE = re.compile(r"\s*(?:>>>|\.\.\. |import |from |def |return )")
_OPERATION = re.compile(r"[=*/@+<>^\[(|-]")


class _Token(msgspec.Struct, frozen=True):
    text: str
    kind: str
    spaced: bool
    end: int


class _Part(msgspec.Struct, frozen=True):
    """A piece of MathML; what is inside its brackets, where it has some around it."""

    shown: str
    inside: str = ""

    @property
    def bare(self) -> str:
        """Without brackets, where a fraction or an exponent makes them needless."""
        return self.inside or self.shown


class _NoFormulaError(Exception):
    """A text is no formula."""


def block(lines: Iterable[str]) -> str:
    """Lines that a task indents, in HTML with their formulas as MathML; empty where none is one, or where they are code."""
    rows, found = [], False
    for line in lines:
        if _CODE.match(line):
            return ""
        cells = [(cell, formula(cell)) for cell in _COLUMNS.split(line.strip())]
        found = found or any(shown for _, shown in cells)
        rows.append("".join(f"<span>{shown or escape(cell)}</span>" for cell, shown in cells))
    # What is too wide for a phone is scrolled, with the keyboard too.
    head = '<div class="formulas" tabindex="0" role="group" aria-label="formulas">'
    return f"{head}{''.join(f'<div>{row}</div>' for row in rows)}</div>" if found else ""


def formula(text: str) -> str:
    """A formula, and words that follow it, in HTML; empty for what is none."""
    before = match[0] if (match := _GOES_ON.match(text)) else ""
    text = text.removeprefix(before)
    tokens = _tokens(text)
    parser = _Parser(tokens)
    try:
        shown = parser.expression(0).shown
    except _NoFormulaError:
        return ""
    end = tokens[parser.place - 1].end
    rest = text[end:]
    if (rest.strip() and not _REST.match(rest)) or not _OPERATION.search(before + text[:end]):
        return ""
    return f"<math><mrow>{'<mo>=</mo>' if before else ''}{shown}</mrow></math>{escape(rest)}"


def _tokens(text: str) -> list[_Token]:
    """The tokens up to the first character that is none."""
    found, place = [], 0
    while match := _TOKEN.match(text, place):
        place = match.end()
        kind = match.lastgroup or ""
        found.append(_Token(match[kind], kind, bool(match["space"]), place))
    return found


class _Parser:
    """Reads an expression from its tokens, by how tightly signs hold."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self.place = 0

    def expression(self, least: int) -> _Part:
        """An expression of signs that hold at least so tightly."""
        left = self._operand()
        while (sign := self._next).text in _INFIX or self._is_product(sign):
            binding = _INFIX.get(sign.text, _PRODUCT)
            if binding < least:
                break
            start = self.place
            if sign.text in _INFIX:
                self.place += 1
            try:
                right = self.expression(binding if sign.text == "**" else binding + 1)
            except _NoFormulaError:
                # The words after a comma are no part of it.
                if sign.text != ",":
                    raise
                self.place = start
                break
            left = _joined(left, sign.text, right)
        return left

    @property
    def _next(self) -> _Token:
        return self._tokens[self.place] if self.place < len(self._tokens) else _Token("", "end", spaced=False, end=0)

    def _is_product(self, token: _Token) -> bool:
        """Whether two letters stand beside each other, as in x^T A x."""
        last = self._tokens[self.place - 1]
        letters = len(token.text) == 1 and token.kind == "name" and token.text not in "ad"
        return letters and (last.text == "T" or (last.kind == "name" and len(last.text) == 1))

    def _take(self, text: str = "") -> _Token:
        token = self._next
        if token.kind == "end" or (text and token.text != text):
            raise _NoFormulaError
        self.place += 1
        return token

    def _operand(self) -> _Part:
        token = self._take()
        if token.kind == "number":
            return self._followed(_Part(f"<mn>{token.text}</mn>"))
        if token.kind == "name":
            return self._named(token)
        match token.text:
            case "-":
                return _Part(f"<mo>-</mo>{self.expression(_PRODUCT).shown}")
            case "(" | "[":
                inside = self.expression(0).shown
                close = self._take(")" if token.text == "(" else "]").text
                return self._followed(_fenced(token.text, inside, close))
            case "|":
                inside = self.expression(0).shown
                self._take("|")
                return self._followed(_Part(f"<mrow><mo>|</mo>{inside}<mo>|</mo></mrow>"))
            case "...":
                return _Part("<mo>…</mo>")
        raise _NoFormulaError

    def _named(self, token: _Token) -> _Part:
        if token.text in _WORDS:
            raise _NoFormulaError
        following = self._next
        if token.text in _BIG and following.text == "over":
            self.place += 1
            over = self.expression(0).shown
            self._take("of")
            of = self.expression(_PRODUCT).shown
            return _Part(f"<mrow><munder>{_BIG[token.text]}<mrow>{over}</mrow></munder>{of}</mrow>")
        if token.text == "d" and following.spaced and following.kind == "name":
            return _Part(f"<mrow><mi mathvariant='normal'>d</mi>{self.expression(_POSTFIX).shown}</mrow>")
        if token.text == "sqrt" and following.text == "(" and not following.spaced:
            self.place += 1
            inside = self.expression(0).shown
            self._take(")")
            return self._followed(_Part(f"<msqrt><mrow>{inside}</mrow></msqrt>"))
        name = token.text.rstrip("'")
        base, under, index = name.partition("_")
        shown = f"<mi>{_GREEK.get(base, base)}</mi>"
        if under and not index:
            self._take("(")
            index = f"<mrow>{self.expression(0).shown}</mrow>"
            self._take(")")
            shown = f"<msub>{shown}{index}</msub>"
        elif under:
            shown = f"<msub>{shown}{_mark(index)}</msub>"
        if primes := len(token.text) - len(name):
            shown = f"<msup>{shown}<mo>{'&prime;' * primes}</mo></msup>"
        return self._followed(_Part(shown))

    def _followed(self, part: _Part) -> _Part:
        """What indices, arguments and transposes directly behind a value make of it."""
        while True:
            token = self._next
            if token.text == ".T" and not token.spaced:
                self.place += 1
                part = _Part(f"<msup>{part.shown}<mo>&top;</mo></msup>")
            elif token.text == "^":
                self.place += 1
                power = self._take()
                if power.kind == "sign":
                    raise _NoFormulaError
                mark = "<mo>&top;</mo>" if power.text == "T" else _mark(power.text)
                part = _Part(f"<msup>{part.shown}{mark}</msup>")
            elif token.text == "[" and not token.spaced:
                self.place += 1
                index = self.expression(0).shown
                self._take("]")
                part = _Part(f"<msub>{part.shown}<mrow>{index}</mrow></msub>")
            elif token.text == "(" and not token.spaced:
                self.place += 1
                inside = self.expression(0).shown
                self._take(")")
                part = _Part(f"<mrow>{part.shown}{_fenced('(', inside, ')').shown}</mrow>")
            else:
                return part


def _mark(text: str) -> str:
    return f"<mn>{text}</mn>" if text.isdigit() else f"<mi>{_GREEK.get(text, text)}</mi>"


def _fenced(open_: str, inside: str, close: str) -> _Part:
    return _Part(f"<mrow><mo>{open_}</mo>{inside}<mo>{close}</mo></mrow>", f"<mrow>{inside}</mrow>")


def _joined(left: _Part, sign: str, right: _Part) -> _Part:
    match sign:
        case "/":
            return _Part(f"<mfrac><mrow>{left.bare}</mrow><mrow>{right.bare}</mrow></mfrac>")
        case "**":
            return _Part(f"<msup><mrow>{left.shown}</mrow><mrow>{right.bare}</mrow></msup>")
        case "*":
            return _Part(f"{left.shown}<mo>·</mo>{right.shown}")
        case "," | "+" | "-" | "=" | "<" | ">" | "<=" | ">=" | "!=":
            return _Part(f"{left.shown}<mo>{escape(_RELATIONS.get(sign, sign))}</mo>{right.shown}")
    # A product of matrices, or of letters beside each other.
    return _Part(f'{left.shown}<mspace width="0.25em"/>{right.shown}')
