"""What an exception says in Python's own words and in names of the program: all that is told of one that no input may be in.

A message is a choice of one of Python's sentences and of names that stand in the source: some 60 bits at the most. A
rule by words alone would let a text of the student's making through, spelt in words that are allowed. Pure.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.wire.messages import Chunk

__all__ = ["MAX_LINES", "MAX_NAMES", "UNREADABLE", "Program", "own_words"]

MAX_LINES = 256
"""Among more lines of code than these, which of them raised is not told: 8 bits."""

MAX_NAMES = 1024
"""In a program of more names than these, an exception that names one is told by its kind and line alone: 10 bits."""

_NAME = r"\w+(?:\.\w+)?"
_NUMBER = r"\d{1,3}(?!\d)"
_SHAPE = r"(?:\d{1,2},?){0,4}"
_SENTENCES = {
    "NameError": [
        "name '{}' is not defined",
        "cannot access free variable '{}' where it is not associated with a value in enclosing scope",
        "free variable '{}' referenced before assignment in enclosing scope",
    ],
    "UnboundLocalError": [
        "cannot access local variable '{}' where it is not associated with a value",
        "local variable '{}' referenced before assignment",
    ],
    "AttributeError": [
        "module '{}' has no attribute '{}'",
        "partially initialized module '{}' has no attribute '{}'",
        "type object '{}' has no attribute '{}'",
        "'{}' object has no attribute '{}'",
    ],
    "ImportError": ["cannot import name '{}' from '{}'", "attempted relative import with no known parent package"],
    "ModuleNotFoundError": ["No module named '{}'"],
    "ForbiddenImport": ["import of '{}' is not allowed here"],
    "TypeError": [
        "{}() missing # required positional argument: '{}'",
        "{}() missing # required positional arguments: '{}' and '{}'",
        "{}() missing # required positional arguments",
        "{}() missing # required keyword-only argument",
        "{}() takes # positional argument",
        "{}() takes from # to # positional arguments",
        "{}() takes # positional argument but # were given",
        "{}() takes # positional arguments but # was given",
        "{}() takes # positional arguments but # were given",
        "{}() takes no arguments",
        "{}() got an unexpected keyword argument '{}'",
        "{}() got multiple values for argument '{}'",
        "'{}' object is not callable",
        "'{}' object is not iterable",
        "'{}' object is not subscriptable",
        "'{}' object does not support item assignment",
        "'{}' object cannot be interpreted as an integer",
        "cannot unpack non-iterable {} object",
        "bad operand type for unary +: '{}'",
        "bad operand type for unary -: '{}'",
        "unhashable type: '{}'",
        "object of type '{}' has no len()",
        'can only concatenate str (not "{}") to str',
        "must be real number, not {}",
        "list indices must be integers or slices, not {}",
        "tuple indices must be integers or slices, not {}",
        "only integer scalar arrays can be converted to a scalar index",
        "only length-1 arrays can be converted to Python scalars",
        *[f"unsupported operand type(s) for {operator}: '{{}}' and '{{}}'" for operator in
          ("+", "-", "*", "/", "//", "%", "@", "** or pow()", "&", "|", "^", "+=", "-=", "*=", "/=", "@=")],
        *[f"'{operator}' not supported between instances of '{{}}' and '{{}}'" for operator in ("<", ">", "<=", ">=")],
    ],
    "ValueError": [
        "not enough values to unpack (expected #, got #)",
        "too many values to unpack (expected #)",
        "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
        "math domain error",
        "cannot convert float NaN to integer",
        "need at least one array to concatenate",
        "operands could not be broadcast together with shapes (<>) (<>)",
        "operands could not be broadcast together with remapped shapes",
        "operands could not be broadcast together",
        "shapes (<>) and (<>) not aligned",
        "non-broadcastable output operand with shape (<>) doesn't match the broadcast shape (<>)",
        "could not broadcast input array from shape (<>) into shape (<>)",
        "cannot reshape array of size # into shape (<>)",
        "all the input array dimensions except for the concatenation axis must match exactly",
        "all input arrays must have the same shape",
        "matmul: Input operand # has a mismatch in its core dimension #",
        "matmul: Input operand # does not have enough dimensions",
        "axis # is out of bounds for array of dimension #",
        "Singular matrix",
        "assignment destination is read-only",
        "output array is read-only",
        "x and y must have same first dimension",
        "setting an array element with a sequence",
        "could not convert string to float",
    ],
    "ZeroDivisionError": ["division by zero", "float division by zero", "integer division or modulo by zero"],
    "OverflowError": ["math range error", "cannot convert float infinity to integer"],
    "IndexError": [
        *[f"{kind} index out of range" for kind in ("list", "tuple", "string", "range object")],
        "index # is out of bounds for axis # with size #",
        "too many indices for array: array is #-dimensional, but # were indexed",
        "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid",
        "boolean index did not match indexed array along axis #",
        "invalid index to scalar variable.",
    ],
    "KeyError": ["'{}'"],
    "RecursionError": ["maximum recursion depth exceeded"],
    "EOFError": ["EOF when reading a line"],
    "FileNotFoundError": [
        "[Errno 2] No such file or directory: '{}'",
        "[Errno 2] No such file or directory",
        "{} not found.",
    ],
    "NotImplementedError": [
        "You must implement the forward function for custom autograd.Function.",
        "You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.",
    ],
    "PermissionError": ["[Errno 1] Operation not permitted", "[Errno 13] Permission denied"],
    "OSError": ["[Errno 30] Read-only file system"],
}  # fmt: skip
_SYNTAX = [
    "invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
    "invalid syntax. Perhaps you forgot a comma?",
    "invalid syntax. Did you mean '{}'?",
    "invalid syntax",
    "unexpected indent",
    "unindent does not match any outer indentation level",
    "inconsistent use of tabs and spaces in indentation",
    "unexpected EOF while parsing",
    "unexpected character after line continuation character",
    "expected an indented block after {} definition on line #",
    "expected an indented block after '{}' statement on line #",
    "expected an indented block after function definition on line #",
    "expected an indented block after class definition on line #",
    "expected an indented block",
    *[f"expected '{what}'" for what in (":", "(", "in", "else", "import")],
    "expected 'except' or 'finally' block",
    *[f"'{bracket}' was never closed" for bracket in "([{"],
    *[f"unmatched '{bracket}'" for bracket in ")]}"],
    *[f"closing parenthesis '{closing}' does not match opening parenthesis '{opening}' on line #"
      for closing in ")]}" for opening in "([{"],
    *[f"closing parenthesis '{closing}' does not match opening parenthesis '{opening}'"
      for closing in ")]}" for opening in "([{"],
    "unterminated string literal (detected at line #)",
    "unterminated triple-quoted string literal (detected at line #)",
    "unterminated f-string literal (detected at line #)",
    "EOL while scanning string literal",
    "EOF while scanning triple-quoted string literal",
    "Missing parentheses in call to '{}'. Did you mean {}(...)?",
    *[f"{verb} {what}{hint}" for verb in ("cannot assign to", "cannot delete") for what in (
        "function call", "literal", "expression", "comparison", "attribute", "subscript", "conditional expression",
        "True", "False", "None", "operator", "lambda", "f-string expression") for hint in (
        " here. Maybe you meant '==' instead of '='?", " here", "")],
    "cannot assign to keyword argument",
    "'return' outside function",
    "'yield' outside function",
    "'await' outside function",
    "'await' outside async function",
    "'break' outside loop",
    "'continue' not properly in loop",
    "positional argument follows keyword argument unpacking",
    "positional argument follows keyword argument",
    "keyword argument repeated: {}",
    "duplicate argument '{}' in function definition",
    "non-default argument follows default argument",
    "parameter without a default follows parameter with a default",
    'expression cannot contain assignment, perhaps you meant "=="?',
    "Generator expression must be parenthesized",
    "name '{}' is used prior to global declaration",
    "name '{}' is assigned to before global declaration",
    "name '{}' is parameter and global",
    "no binding for nonlocal '{}' found",
    "nonlocal declaration not allowed at module level",
    "from __future__ imports must occur at the beginning of the file",
    "future feature {} is not defined",
    "import * only allowed at module level",
    "trailing comma not allowed without surrounding parentheses",
    "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
    *[f"invalid {what} literal" for what in ("decimal", "hexadecimal", "octal", "binary", "imaginary")],
    "invalid non-printable character",
    "invalid character",
    "too many statically nested blocks",
    "too many nested parentheses",
    "f-string: expecting '}'",
    "f-string: empty expression not allowed",
    "f-string: invalid syntax",
    "f-string: unmatched",
    "f-string expression part cannot include a backslash",
    "source code string cannot contain null bytes",
    "source code cannot contain null bytes",
]  # fmt: skip
UNREADABLE = frozenset({"SyntaxError", "IndentationError", "TabError"})
"""The exceptions of what Python cannot read."""
_TYPES = frozenset(
    ["NoneType", "Tensor", "bool", "builtin_function_or_method", "bytes", "complex", "dict", "ellipsis", "float", "float64", "function", "generator", "int", "list", "method", "module", "ndarray", "numpy", "numpy.ndarray", "numpy.float64", "object", "ntpath", "posixpath", "range", "set", "str", "tuple", "type"]
)  # fmt: skip
"""Names of types that messages hold though no source does."""


class Program:
    """A program as it was handed in: the source of each of its chunks, by the chunk's name."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        """Look at nothing yet."""
        self._sources = dict(sources)

    @classmethod
    def of(cls, chunks: Iterable[Chunk]) -> Self:
        """The program that these chunks are."""
        return cls({chunk.name: chunk.source for chunk in chunks})

    def shows(self, chunk: str, line: int) -> bool:
        """Whether that it was this line may be told: one with code on it, of not too many that have."""
        return (chunk, line) in self._lines

    @functools.cached_property
    def _lines(self) -> frozenset[tuple[str, int]]:
        """The lines that may be told; none where they are too many to choose from."""
        found = {
            (name, number)
            for name, source in self._sources.items()
            for number, line in enumerate(source.split("\n"), 1)
            if _is_code(line)
        }
        return frozenset(found if len(found) <= MAX_LINES else ())

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """The names that stand in it; none where they are too many to choose from."""
        found = {name for source in self._sources.values() for name in re.findall(r"\w+", source)}
        return frozenset(found if len(found) <= MAX_NAMES else ())


def _is_code(line: str) -> bool:
    return not line.isspace() and line != "" and not line.lstrip().startswith("#")


def own_words(message: str, program: Program, kind: str) -> str:
    """As much of a message as is one of Python's own sentences, with names of the program; "" for one that is not.

    Of a function that is missing, whose message is the names that there are instead, those that stand in the program.
    """
    if kind == "MissingFunction":
        names = program.names
        return ", ".join(name for name in message.split(", ") if name in names)
    return next((found[0] for found in _found(message, kind) if _known(found.groups(), program)), "")


def _found(message: str, kind: str) -> Iterator[re.Match[str]]:
    return filter(None, (sentence.match(message) for sentence in _sentences(kind)))


def _known(named: Iterable[str], program: Program) -> bool:
    """Whether each name, or both halves of one with a dot, stand in the program, or are a type's."""
    return all(name in _TYPES or set(name.split(".")) <= program.names | _TYPES for name in named)


@functools.cache
def _sentences(kind: str) -> Sequence[re.Pattern[str]]:
    """The sentences of an exception as patterns, the longest first: `{}` is a name, `#` a number, `<>` a small shape."""
    sentences = _SYNTAX if kind in UNREADABLE else _SENTENCES.get(kind, [])
    return [
        re.compile(re.escape(each).replace(r"\{\}", f"({_NAME})").replace(r"\#", _NUMBER).replace("<>", _SHAPE))
        for each in sorted(sentences, key=len, reverse=True)
    ]
