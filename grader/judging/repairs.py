"""Which one change might put a student's program right: edits of its text, the likeliest first. Pure.

The text is parsed, in this process; Python's parser runs nothing, ends nested and endless text with an exception, and is given a
bounded text. What is changed is one expression or simple statement: all else stays as the student wrote it.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import re
import warnings
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.judging.compare import arranged, compare
from grader.judging.edits import array_module, in_words, number_of, places, undoing
from grader.judging.remedies import ORDER, Scope, moves, outdents, repairs
from grader.syntax import parse
from grader.wire.messages import Chunk, Returned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from grader.judging.answer_key import CaseKey, CheckKey
    from grader.wire.messages import Outcome

__all__ = ["MAX_PARSED", "Edit", "edits", "explained", "kinds_of_mistakes", "ranked"]

MAX_PARSED = 32 * 2**10
"""In a longer program, in characters, no edit is looked for: parsing takes at most some tenths of a second for this."""

_MOST = 10_000
"""How many edits of a program are ranked, at most; a program as a course asks for has one or two thousand."""
_MOST_TEXT, _A_STATEMENT = 2**18, 64
"""How many characters all edits together may put in, and what a character costs that stands around one: no text takes long."""
_LONGEST = 1000
"""What is longer, in characters, is no formula, and only parts of it are changed."""
_A_MOVE = 4
"""As how many words and signs a statement counts that is moved."""
_AN_OUTDENT = 1
"""And one that is moved below its loop: there is one for each loop, and hardly another change does what it does."""
_ADDED = frozenset({"a factor", "a term", "a matrix product"})
"""The kinds of change of which there are most, as each variable may come in with each."""
_NAMES = 24
"""How many variables of a function an edit may name."""

_ONLY_IPYTHON = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
_TOKEN = re.compile(r"[\d.]*\d|\w+|[^\w\s()'\"]")
_STRING = re.compile(r"""(['"]).*?\1""")
_ATOMS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.Tuple, ast.List, ast.Dict)
_INNER = (ast.FunctionDef, ast.Lambda)
_BINDING = (ast.BinOp, ast.UnaryOp, ast.Attribute, ast.Compare, ast.BoolOp, ast.Starred)
"""What binds its operands more closely than they may be written without parentheses."""


class Edit(msgspec.Struct, frozen=True):
    """A program with one change in one of its chunks."""

    kind: str
    """What is changed, in a student's words."""
    line: int
    """Where, in the chunk."""
    before: Chunk
    place: tuple[int, int]
    """From where to where the chunk is changed, in characters."""
    text: str
    """What comes there."""
    within: tuple[int, int]
    """From where to where the statement at the top level stands of which that is a part."""
    rank: tuple[int, int, bool]
    """How many names come in that were not there, how many words and signs change, and whether it undoes no mistake that is known
    (which nothing is until `ranked` knows some): the likeliest comes first."""

    @property
    def after(self) -> Chunk:
        """The chunk with the change."""
        source, (start, stop) = self.before.source, self.place
        return Chunk(self.before.name, source[:start] + self.text + source[stop:], self.before.grade_id)

    @property
    def statement(self) -> str:
        """The changed statement, which takes the place of the one before."""
        source, (start, stop), (begin, end) = self.before.source, self.place, self.within
        return source[begin:start] + self.text + source[stop:end]

    def applied(self, program: Iterable[Chunk]) -> tuple[Chunk, ...]:
        """The whole program with the change."""
        return tuple(self.after if chunk.name == self.before.name else chunk for chunk in program)

    def diff(self) -> str:
        """The change as a unified diff."""
        source, (start, stop), name = self.before.source, self.place, self.before.name
        lines, first = source.removesuffix("\n").split("\n"), source.count("\n", 0, start)
        count = source.count("\n", start, stop) + 1
        left, right = source.rfind("\n", 0, start) + 1, (source + "\n").find("\n", stop)
        old, new = lines[first : first + count], (source[left:start] + self.text + source[stop:right]).split("\n")
        above, below = lines[max(first - 1, 0) : first], lines[first + count : first + count + 1]
        begins, context = first + 1 - len(above), len(above) + len(below)
        head = [f"--- {name}", f"+++ {name}", f"@@ -{begins},{len(old) + context} +{begins},{len(new) + context} @@"]
        marked = ((" ", above), ("-", old), ("+", new), (" ", below))
        return "\n".join([*head, *(sign + line for sign, part in marked for line in part)])


def edits(program: Sequence[Chunk], own: Collection[str], function: str, most: int) -> tuple[Edit, ...]:
    """The first `most` edits of what a function is made of: of itself, and of the functions and constants that it uses.

    Only those in the chunks `own`, by name, are changed. None where the program is too long or cannot be parsed.
    """
    if sum(len(chunk.source) for chunk in program) > MAX_PARSED or any(map(_has_odd_lines, program)):
        return ()
    try:
        parsed = [(chunk, _parsed(chunk.source)) for chunk in program]
        arrays = next((name for _, tree in parsed if (name := array_module(tree))), "")
        used = [each for each in _used(parsed, function) if each[0].name in own]
        every = itertools.chain.from_iterable(_of_statement(chunk, statement, arrays) for chunk, statement in used)
        found = _each_once(itertools.islice(every, _MOST))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(sorted(sorted(found, key=_worth_a_try)[:most], key=lambda edit: edit.rank))


def _worth_a_try(edit: Edit) -> tuple[int, bool, int]:
    """Which edits are tried where there are more than may be: small ones; what is taken for another before what is added."""
    names, size, _ = edit.rank
    return names + size, edit.kind in _ADDED, names


def explained(check: CheckKey, case: CaseKey, names: Iterable[str], outcome: Outcome) -> frozenset[str]:
    """Those of the misconceptions whose answer to a case came back; the right one, where that is theirs too."""
    answers = {name: case.wrong.get(name, case.expected) for name in names}
    if not isinstance(outcome, Returned):
        return frozenset(name for name, answer in answers.items() if answer is None)
    got = arranged(case.expected, check.names, outcome.value)
    return frozenset(
        name
        for name, answer in answers.items()
        if answer is not None
        and compare(arranged(case.expected, check.names, answer), got, case.precision, kinds=False) is None
    )


def kinds_of_mistakes(mistakes: Iterable[tuple[Edit, Collection[str]]]) -> frozenset[str]:
    """The kinds of the edits of right code that give misconceptions' values: for each of these the likeliest edits alone."""
    of_each: dict[str, list[Edit]] = {}
    for edit, names in mistakes:
        for name in names:
            of_each.setdefault(name, []).append(edit)
    return frozenset(
        edit.kind for found in of_each.values() for edit in found if edit.rank == min(each.rank for each in found)
    )


def ranked(right: Iterable[Edit], known: Iterable[str]) -> tuple[Edit, ...]:
    """Edits in a new order: of those that are of one size, first what undoes a change of one of the kinds that are known."""
    kinds = frozenset[str]().union(*map(undoing, known))
    found = [replace(edit, rank=(*edit.rank[:2], edit.kind not in kinds)) for edit in right]
    return tuple(sorted(found, key=lambda edit: edit.rank))


def _each_once(every: Iterable[Edit]) -> list[Edit]:
    """The edits without those that give a text again, spaces apart: the least of each. They end where they grow too long."""
    found: dict[bytes, Edit] = {}
    left = _MOST_TEXT
    for edit in every:
        statement = edit.statement
        left -= len(edit.text) + len(statement) // _A_STATEMENT
        if left < 0:
            break
        # But for those at its beginning: a statement in another block is another one.
        indent = edit.text[: -len(edit.text.lstrip()) or None]
        text = f"{edit.before.name} {edit.within[0]} {indent!r} {''.join(statement.split())}"
        known = hashlib.blake2b(text.encode(errors="replace"), digest_size=16).digest()
        if known not in found or edit.rank < found[known].rank:
            found[known] = edit
    return list(found.values())


def _has_odd_lines(chunk: Chunk) -> bool:
    """Whether Python sees other lines than we do: a carriage return alone ends one of its."""
    return "\r" in chunk.source.replace("\r\n", "\n")


def _parsed(source: str) -> ast.Module:
    """The tree of a chunk; lines that only IPython understands are left out where it has none. Raises SyntaxError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a student's backslashes
        try:
            return parse(source)
        except SyntaxError:
            return parse(_ONLY_IPYTHON.sub(r"\1pass", source))


def _used(parsed: Iterable[tuple[Chunk, ast.Module]], function: str) -> list[tuple[Chunk, ast.stmt]]:
    """The statements at the top level that a function is made of, its own first, as far as names tell."""
    bound: dict[str, tuple[Chunk, ast.stmt]] = {}
    for chunk, tree in parsed:
        for statement in tree.body:
            match statement:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    bound[name] = chunk, statement
                case (
                    ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr())
                ):
                    bound[name] = chunk, statement
    waiting, found = [function], {}
    while waiting:
        name = waiting.pop(0)
        if name in bound and name not in found:
            found[name] = bound[name]
            waiting += [node.id for node in ast.walk(bound[name][1]) if isinstance(node, ast.Name)]
    return list(found.values())


def _of_statement(chunk: Chunk, statement: ast.stmt, arrays: str) -> Iterator[Edit]:
    """Every edit of a statement at the top level."""
    text = _Text(chunk.source)
    within = text.whole(statement)
    kept = {id(inner) for node in ast.walk(statement) for part in _kept(node) for inner in ast.walk(part)}
    scopes = _scopes(statement, arrays)
    lines = frozenset(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    for parent, node, _ in places(statement, lines):
        start, stop = text.span(node)
        if id(node) in kept or stop - start > _LONGEST:
            continue
        old, plain = chunk.source[start:stop], ast.unparse(node)
        around = chunk.source[start - 1 : start] + chunk.source[stop : stop + 1]
        for name, changed in repairs(parent, node, scopes.get(id(node), Scope((), arrays))):
            new = changed if isinstance(changed, str) else _written(changed, parent, around)
            if isinstance(changed, str) or ast.unparse(changed) != plain:
                kind = in_words(name, _reduction(name, parent, node))
                yield Edit(kind, node.lineno, chunk, (start, stop), new, within, _rank(old, new))
    for before, after in moves(statement):
        start, stop = text.span(before[0])[0], text.span(before[-1])[1]
        new = text.ordered(before, after)
        if stop - start <= _LONGEST and new != chunk.source[start:stop]:
            kind = in_words("move statement", statement)
            yield Edit(kind, before[0].lineno, chunk, (start, stop), new, within, (0, _A_MOVE, True))
    for last, loop in outdents(statement):
        (start, first), (_, stop), (begin, above) = text.indented(last), text.span(last), text.indented(loop)
        indent = chunk.source[begin:above]
        if (
            last.lineno > loop.lineno
            and not chunk.source[start:first].strip()
            and not indent.strip()
            and stop - first <= _LONGEST
        ):
            kind = in_words("dedent statement", last)
            yield Edit(
                kind,
                last.lineno,
                chunk,
                (start, stop),
                indent + chunk.source[first:stop],
                within,
                (0, _AN_OUTDENT, True),
            )


def _kept(node: ast.AST) -> Iterator[ast.AST]:
    """What of a node is not changed: text with values in it, what is only printed, what is compared for equality, what counts.

    Another size in a comparison would tell inputs apart, and put nothing right; and a loop that counts otherwise does not end.
    """
    match node:
        case ast.JoinedStr() | ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            yield node
        case ast.Compare(left=left, ops=ops, comparators=others) if not all(isinstance(op, ORDER) for op in ops):
            yield from (left, *others)
        case ast.While(test=test, body=body):
            asked = [each for each in ast.walk(test) if isinstance(each, ast.Name)]
            steps = [
                each
                for statement in body
                for each in ast.walk(statement)
                if isinstance(each, ast.Assign | ast.AugAssign)
            ]
            counting = [each for each in steps if _names_bound(each) & {name.id for name in asked}]
            counted = frozenset[str]().union(*map(_names_bound, counting))
            yield from (*counting, *(name for name in asked if name.id in counted))


def _names_bound(step: ast.Assign | ast.AugAssign) -> frozenset[str]:
    targets = step.targets if isinstance(step, ast.Assign) else [step.target]
    return frozenset(node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))


def _reduction(name: str, parent: ast.AST, node: ast.AST) -> ast.AST:
    """The call whose axis an edit changes: the node, or what it is an argument of."""
    return parent if name == "change axis" and not isinstance(node, ast.Call) else node


def _scopes(statement: ast.stmt, arrays: str) -> Mapping[int, Scope]:
    """For each node of a statement the scope of the outermost function that it is in."""
    found: dict[int, Scope] = {}
    attributes = dict.fromkeys(
        ast.unparse(node)
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self"
    )
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            inside = list(ast.walk(node))
            functions = {id(each.func) for each in inside if isinstance(each, ast.Call)}
            called = {each.id for each in inside if isinstance(each, ast.Name) and id(each) in functions}
            bound = _bound(node)
            own = [*bound, *(attributes if "self" in bound else ())]
            names = [name for name in own if name not in called and name not in ("self", "ctx")][:_NAMES]
            indices = {id(each) for node in inside if isinstance(node, ast.Subscript) for each in ast.walk(node.slice)}
            deeper = {
                id(each)
                for inner in inside
                if inner is not node and isinstance(inner, _INNER)
                for each in ast.walk(inner)
            }
            for each in inside:
                line = getattr(each, "lineno", 0)
                # What is not there yet is of no use; an inner function may be called later.
                there = [name for name in names if id(each) in deeper or bound.get(name, 0) <= line]
                found[id(each)] = Scope(tuple(there), arrays, id(each) in indices)
        else:
            waiting += ast.iter_child_nodes(node)
    return found


def _bound(function: ast.AST) -> dict[str, int]:
    """The variables of a function, and from which line on each is there."""
    found: dict[str, int] = {}
    later = {
        id(node): (statement.end_lineno or 0) + 1
        for statement in ast.walk(function)
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        for node in ast.walk(target)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            found[node.arg] = 0
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            line = later.get(id(node), node.lineno)
            found[node.id] = min(line, found.get(node.id, line))
    return found


def _written(changed: ast.AST, parent: ast.AST, around: str) -> str:
    """The text of a changed node, in parentheses where what it stands in would take it apart."""
    text = ast.unparse(changed)
    if isinstance(parent, ast.Subscript) and isinstance(changed, ast.Tuple):
        return text[1:-1]  # slices may stand in it, and those in no parentheses
    apart = isinstance(parent, _BINDING) or (isinstance(parent, ast.Subscript) and not isinstance(changed, ast.Slice))
    bare = isinstance(changed, _ATOMS) and not (isinstance(parent, ast.Attribute) and number_of(changed) is not None)
    return f"({text})" if apart and not bare and around != "()" else text


def _rank(old: str, new: str) -> tuple[int, int, bool]:
    one, two = _TOKEN.findall(old), _TOKEN.findall(new)
    names = {token for token in _TOKEN.findall(_STRING.sub("", new)) if token.isidentifier()} - set(one)
    while one and two and one[0] == two[0]:
        one, two = one[1:], two[1:]
    while one and two and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    return len(names), len(one) + len(two), True


class _Text:
    """A source in which nodes are found: a node counts bytes, and a text characters."""

    def __init__(self, source: str) -> None:
        """Find where each line begins."""
        self._source = source
        self._lines = source.split("\n")
        self._begins = [0]
        for line in self._lines:
            self._begins.append(self._begins[-1] + len(line) + 1)

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """From where to where a node stands."""
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno or 0, node.end_col_offset or 0)

    def indented(self, node: ast.stmt) -> tuple[int, int]:
        """From where to where there is a line before a statement: spaces, where it begins its line."""
        return self._begins[node.lineno - 1], self.span(node)[0]

    def whole(self, statement: ast.stmt) -> tuple[int, int]:
        """From where to where a statement at the top level stands, with its decorators."""
        decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(each.lineno for each in decorators)])
        return self._begins[first - 1] if decorators else self.span(statement)[0], self.span(statement)[1]

    def ordered(self, before: Sequence[ast.stmt], after: Sequence[ast.stmt]) -> str:
        """Neighbouring statements in another order; what stands between two stays where it is."""
        spans = [self.span(each) for each in before]
        between = [self._source[one[1] : two[0]] for one, two in itertools.pairwise(spans)]
        texts = [self._source[slice(*self.span(each))] for each in after]
        return "".join(itertools.chain(*zip(texts, [*between, ""], strict=True)))

    def _at(self, number: int, column: int) -> int:
        line = self._lines[number - 1]
        return self._begins[number - 1] + (
            column if line.isascii() else len(line.encode()[:column].decode(errors="ignore"))
        )
