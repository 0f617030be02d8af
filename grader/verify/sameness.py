"""Programs that compute the same: one text for those that differ in what cannot matter. Pure text; nothing is run here.

A symmetric matrix is its own transpose, and what is squared or made positive has lost its sign. What no rule here sees is left to
the author, who says that a mutant is as right as the reference, and why.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter

from grader.judging.edits import called, number_of

__all__ = ["without_what_cannot_matter"]

_DIAGONAL = frozenset({"diag", "diagflat", "eye", "identity"})
"""What makes a diagonal matrix of one argument."""
_SIGNLESS = frozenset({"abs", "fabs", "absolute", "square"})


def without_what_cannot_matter(tree: ast.Module) -> str:
    """The text of a program, the same for programs that differ in nothing that counts. The tree stays as it is."""
    return ast.unparse(_Plain(tree).visit(copy.deepcopy(tree)))


class _Plain(ast.NodeTransformer):
    """Takes out the transposes of symmetric matrices, and signs that are lost."""

    def __init__(self, tree: ast.Module) -> None:
        once = _named_once(tree)
        self._symmetric = frozenset(name for name, value in once.items() if _is_symmetric(value))
        self._signless = frozenset(once) & _squared_names(tree)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """A value whose sign is lost wherever its name stands."""
        self.generic_visit(node)
        if isinstance(node.targets[0], ast.Name) and node.targets[0].id in self._signless:
            node.value = _signless(node.value)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """A transpose, which of a symmetric matrix is that."""
        self.generic_visit(node)
        return node.value if node.attr in ("T", "mT") and self._is_symmetric(node.value) else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """An even power, in which signs are lost."""
        self.generic_visit(node)
        if isinstance(node.op, ast.Pow) and _is_even(node.right):
            node.left = _signless(node.left)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A transpose, an absolute value or a square, and the subscripts of what is symmetric."""
        self.generic_visit(node)
        name = called(node)
        if name == "transpose" and len(node.args) == 1 and self._is_symmetric(node.args[0]):
            return node.args[0]
        if name in _SIGNLESS and len(node.args) == 1:
            node.args = [_signless(node.args[0])]
        if name == "einsum" and node.args and isinstance(node.args[0], ast.Constant):
            symmetric = [self._is_symmetric(operand) for operand in node.args[1:]]
            node.args[0] = ast.Constant(_subscripts(str(node.args[0].value), symmetric))
        return node

    def _is_symmetric(self, node: ast.expr) -> bool:
        return (isinstance(node, ast.Name) and node.id in self._symmetric) or _is_symmetric(node)


def _named_once(tree: ast.Module) -> dict[str, ast.expr]:
    """The variables that have one value in the whole program, and are not written into, with that value."""
    stored = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    written = {
        inner.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name)
    }
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg | ast.keyword)}
    found = {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    }
    return {
        name: value for name, value in found.items() if stored.count(name) == 1 and name not in {*written, *arguments}
    }


def _squared_names(tree: ast.Module) -> frozenset[str]:
    """The variables that are read where their sign is lost, and nowhere else: z * z, z @ z, z ** 2, abs(z)."""
    read = Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    lost: Counter[str] = Counter()
    for node in ast.walk(tree):
        match node:
            case ast.BinOp(left=ast.Name(id=one), op=ast.Mult() | ast.MatMult(), right=ast.Name(id=other)) if (
                one == other
            ):
                lost[one] += 2
            case ast.BinOp(left=ast.Name(id=name), op=ast.Pow(), right=power) if _is_even(power):
                lost[name] += 1
            case ast.Call(args=[ast.Name(id=name)]) if called(node) in _SIGNLESS:
                lost[name] += 1
    return frozenset(name for name, times in lost.items() if read[name] == times)


def _is_even(power: ast.expr) -> bool:
    number = number_of(power)
    return number is not None and number % 2 == 0


def _is_symmetric(node: ast.expr) -> bool:
    """Whether a value is a symmetric matrix by its form."""
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right) if _are_transposed(left, right):
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return _is_symmetric(left) and _is_symmetric(right)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            # What is off the diagonal is 0, whatever it is multiplied by.
            return _is_diagonal(left) or _is_diagonal(right) or _is_multiple(left, right) or _is_multiple(right, left)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _is_multiple(left, right)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _is_symmetric(operand)
        case ast.Call(args=[left, right], keywords=[]) if called(node) == "outer":
            return ast.unparse(left) == ast.unparse(right)
    return _is_diagonal(node)


def _is_diagonal(node: ast.expr) -> bool:
    # Of another argument it is a diagonal beside the main one, or no square matrix.
    return isinstance(node, ast.Call) and called(node) in _DIAGONAL and len(node.args) == 1 and not node.keywords


def _is_multiple(matrix: ast.expr, factor: ast.expr) -> bool:
    return number_of(factor) is not None and _is_symmetric(matrix)


def _are_transposed(one: ast.expr, other: ast.expr) -> bool:
    return any(
        isinstance(each, ast.Attribute) and each.attr in ("T", "mT") and ast.unparse(each.value) == ast.unparse(of)
        for each, of in ((one, other), (other, one))
    )


def _signless(node: ast.expr) -> ast.expr:
    """A value with its sign left out, where it has one: a difference in one of its two orders."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _signless(operand)
        case ast.BinOp(left=left, op=ast.Sub(), right=right) if ast.unparse(right) < ast.unparse(left):
            return ast.BinOp(right, ast.Sub(), left)
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
            return ast.BinOp(_signless(left), op, _signless(right))
    return node


def _subscripts(text: str, symmetric: list[bool]) -> str:
    """Subscripts with one name for each axis of the result, and the letters of symmetric operands in order."""
    left, arrow, result = "".join(text.split()).partition("->")
    operands = left.split(",")
    if not arrow or "." in text or len(operands) != len(symmetric):
        return text
    names = {
        letter: chr(ord("a") + place) for place, letter in enumerate(dict.fromkeys(result + left.replace(",", "")))
    }
    renamed = ["".join(names[letter] for letter in operand) for operand in operands]
    ordered = ["".join(sorted(each)) if alike else each for each, alike in zip(renamed, symmetric, strict=True)]
    return f"{','.join(ordered)}->{''.join(names[letter] for letter in result)}"
