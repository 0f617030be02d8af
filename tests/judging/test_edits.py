"""Edits of a student's program: each is a program that differs in one place, none comes twice, the likeliest come first."""

from __future__ import annotations

import ast
import textwrap

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.judging.answer_key import CaseKey, CheckKey
from grader.judging.edits import WORDS, undoing
from grader.judging.repairs import MAX_PARSED, Edit, edits, explained, kinds_of_mistakes, ranked
from grader.wire.messages import Chunk, Raised, Returned
from grader.wire.values import pack

ALL = 100_000


def program(body: str, head: str = "import numpy as np\n\n\ndef f(x, y):\n") -> str:
    return head + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"


def found(source: str, function: str = "f", most: int = ALL) -> tuple[Edit, ...]:
    return edits([Chunk("f.py", source)], {"f.py"}, function, most)


def changed(body: str) -> set[str]:
    """The bodies of the programs with an edit, each in one line."""
    return {"; ".join(line.strip() for line in edit.after.source.splitlines()[4:]) for edit in found(program(body))}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("return x.sum(axis=0)", "return x.sum(axis=1)"),
        ("return np.sum(x)", "return np.sum(x, axis=0)"),
        ("return np.sum(x, 0)", "return np.sum(x, 1)"),
        ("return x.sum(axis=1)", "return x.sum(axis=1, keepdims=True)"),
        ("return x.sum(axis=1, keepdims=True)", "return x.sum(axis=1)"),
        ("return x.T @ y", "return x @ y"),
        ("return x @ y", "return x.T @ y"),
        ("return y @ x", "return x @ y"),
        ("return x - y", "return y - x"),
        ("return x * y", "return x @ y"),
        ("return x * y", "return x / y"),
        ("return x / y", "return x * y"),
        ("return x + y", "return x * y"),
        ("return x >= y", "return x > y"),
        ("return x < y", "return x > y"),
        ("return 2 * x", "return x"),
        ("return x", "return 2 * x"),
        ("return x", "return 0.5 * x"),
        ("return x", "return -x"),
        ("return x", "return x / x.shape[0]"),
        ("return x / x.shape[0]", "return x"),
        ("return x[0]", "return x[1]"),
        ("return x[0]", "return x[:, 0]"),
        ("return x[0]", "return x"),
        ("return x[:, None]", "return x[None, :]"),
        ("return x[:, None] * y", "return x * y"),
        ("return x * y", "return x[:, None] * y"),
        ("return x + 1", "return x + 2"),
        ("return x ** 3", "return x ** 2"),
        ("return x + x", "return x + y"),
        ("return np.abs(x)", "return x"),
        ("return x @ y", "return np.maximum(x, 0) @ y"),
        ("return x.sum()", "return x"),
        ("return x", "return x.sum(axis=0)"),
        ("return x.sum()", "return x.mean()"),
        ("return x.mean()", "return x.max()"),
        ("return np.exp(x)", "return np.exp(-x)"),
        ("return x * y", "return x * (1 - y)"),
        ("return x", "return x ** 2"),
        ("return x", "return x * y"),
        ("return x", "return x * (y > 0)"),
        ("return x", "return x @ y.T"),
        ("return x, y", "return (y, x)"),
        ("z = x\nz[y] = 0\nreturn z", "z = x.copy(); z[y] = 0; return z"),
        ("z = 0\nfor a in x:\n    z = a\nreturn z", "z = 0; for a in x:; z += a; return z"),
        ("z = x.copy()\nz[y] = 1\nreturn z", "z = x.copy(); z[y] += 1; return z"),
        ("z = x\nz = y\nreturn z", "z = x; z *= y; return z"),
        ("return x @ y", "return y"),
        ("return np.where(x > 0, 0, y)", "return np.where(x > 0, y, 0)"),
        ("return np.einsum('ij,kj->ik', x, y)", "return np.einsum('ij,jk->ik', x, y)"),
        ("return np.einsum('ij,kj', x, y)", "return np.einsum('ij,jk', x, y)"),
        ("return np.einsum('ij,jk->ki', x, y)", "return np.einsum('ij,jk->ik', x, y)"),
        ("return np.einsum('ij,jk->i', x, y)", "return np.einsum('ij,jk->ik', x, y)"),
        ("return np.einsum('ij,ik->kij', x, y)", "return np.einsum('ij,ik->kj', x, y)"),
        ("return np.einsum('ij,ij->j', x, y)", "return np.einsum('ij,ij->i', x, y)"),
        ("return np.clip(x, 0, 1)", "return x"),
        ("return x[y]", "return x[y + 1]"),
        ("for i in x:\n    z = y[i, 0]\nreturn z", "for i in x:; z = y[i + x, 0]; return z"),
        ("return x.clip(0, 1)", "return x"),
        ("return x.reshape(2, -1) @ y", "return x.T @ y"),
        ("return np.reshape(x, (2, -1)) @ y", "return x.T @ y"),
        ("return x[:-1]", "return x[1:]"),
        ("return x[1:]", "return x[:-1]"),
        ("return x / x.size", "return x / x.shape[y]"),
        ("return x / x.shape[0]", "return x / x.size"),
        ("for a in x:\n    a\nreturn a", "for a in x[::-1]:; a; return a"),
        ("return [a for a in range(y)]", "return [a for a in range(y + 1)]"),
        ("z = x\nx = y  # so\nz += x\nreturn z", "x = y; z = x  # so; z += x; return z"),
        ("z = x\nx = y\nz += x\nreturn z", "z += x; z = x; x = y; return z"),
        ("return np.einsum('...ij, ...kj -> ...ik', x, y)", "return np.einsum('...ij,...jk->...ik', x, y)"),
    ],
)
def test_what_a_program_lacks_is_among_its_edits(wrong: str, right: str) -> None:
    """Whatever one of the table's kinds has spoilt."""
    assert right in changed(wrong)


def test_an_edit_says_where_and_of_what_kind_it_is_and_shows_itself_as_a_diff() -> None:
    """The kind is one of a fixed list, and holds nothing of the program."""
    source = program("z = x @ y\nreturn z.sum(axis=0)")
    (edit,) = [each for each in found(source) if "return z.sum(axis=1)\n" in each.after.source]
    assert (edit.kind, edit.line) == ("which axis is summed", 6)
    assert edit.diff() == (
        "--- f.py\n+++ f.py\n@@ -5,2 +5,2 @@\n     z = x @ y\n-    return z.sum(axis=0)\n+    return z.sum(axis=1)"
    )
    kinds = {
        *WORDS.values(),
        "which function is called",
        "which axis is summed",
        "which axis is averaged",
        "which axis is used",
    }
    assert {each.kind for each in found(source)} <= kinds


def test_of_a_call_it_says_whether_it_is_missing_or_too_much() -> None:
    """Which function is called is right of the others, and misleads here."""
    by_text = {edit.text: edit.kind for edit in found(program("return np.clip(x, 0, 1)"))}
    assert by_text["x"] == "a call that should not be there"
    assert "a call that is missing" in {edit.kind for edit in found(program("return x + y"))}


def test_subscripts_of_an_einsum_are_no_names_and_its_quotes_no_change() -> None:
    """So one letter more or less is as small a change as it looks."""
    edit = next(each for each in found(program('return np.einsum("ij,jk->ki", x, y)')) if "->ik" in each.text)
    assert (edit.kind, edit.rank[:2]) == ("the subscripts of an einsum", (0, 2))


NESTED = """\
total = 0
for row in x:
    for entry in row:
        total += entry
        return total
"""


def test_what_ends_a_loop_may_belong_below_it() -> None:
    """Below the loop, and below the loop that ends with it; in the indentation that is there, and with each line once."""

    def moved(source: str) -> set[str]:
        return {edit.after.source for edit in found(source) if edit.kind == "the indentation of a statement"}

    source = program(NESTED)
    line = "            return total"
    assert moved(source) == {source.replace(line, line[4:]), source.replace(line, line[8:])}
    assert moved(source.replace("    ", "\t")) == {each.replace("    ", "\t") for each in moved(source)}
    (edit, *_) = [each for each in found(source) if each.after.source == source.replace(line, line[8:])]
    assert (edit.line, edit.diff().splitlines()[-2:]) == (9, [f"-{line}", f"+{line[8:]}"])
    for other in (
        "for row in x: y += row; return y",
        "for row in x:\n    return row",
        "if x:\n    y += 1\n    return y",
    ):
        assert moved(program(other)) == set(), "it is no last of several lines of a loop"


def test_all_else_stays_as_it_was_written() -> None:
    """Comments, spaces and the lines around."""
    source = "def f(x, y):  # ä\n    z = x+y    # added\n\n    return   z  # the end\n"
    for edit in found(source):
        before, after = source.splitlines(), edit.after.source.splitlines()
        assert len(before) == len(after)
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
        assert all(line.partition("#")[2] in edit.after.source for line in before)


def test_no_edit_asks_which_input_it_is() -> None:
    """What is compared for equality stays, no condition comes in, and a bound can only become 0."""
    source = program("if x.shape[0] == 3:\n    return x\nif y > 5:\n    return y\nreturn x + y")
    conditions = {
        ast.unparse(node.test)
        for edit in found(source)
        for node in ast.walk(ast.parse(edit.after.source))
        if isinstance(node, ast.If)
    }
    assert {each for each in conditions if "shape" in each} == {"x.shape[0] == 3", "x.shape[0] != 3"}
    numbers = {
        node.value for each in conditions for node in ast.walk(ast.parse(each)) if isinstance(node, ast.Constant)
    }
    assert numbers == {0, 3, 5}
    count = max(
        sum(isinstance(node, ast.If | ast.IfExp) for node in ast.walk(ast.parse(edit.after.source)))
        for edit in found(source)
    )
    assert count == 2


def test_what_a_loop_counts_with_stays() -> None:
    """Otherwise it would not end; how far it counts, and all else in it, may be wrong."""
    source = program("i = 0\nz = x\nwhile i < y:\n    z = z * y\n    i = i + 1\nreturn z")
    after = [edit.after.source for edit in found(source)]
    assert all("i = i + 1\n" in each for each in after)

    assert not any("while z" in each or "while x" in each for each in after)
    assert any("while i <= y" in each for each in after)
    assert any("z = z / y" in each for each in after)


def test_only_what_the_function_is_made_of_and_its_student_wrote_is_changed() -> None:
    """The helpers and constants that it names, and not the cells of the course."""
    source = "import numpy as np\nRATE = 2\n\ndef g(a):\n    return RATE * a\n\ndef h(a):\n    return a + 1\n\ndef f(x):\n    return g(x)\n\nprint(f(3))\n"
    assert {edit.line for edit in found(source)} == {2, 5, 11}
    cells = [Chunk("one", "def g(a):\n    return 2 * a\n"), Chunk("two", "def f(x):\n    return g(x)\n")]
    assert {edit.before.name for edit in edits(cells, {"two"}, "f", ALL)} == {"two"}
    assert {edit.before.name for edit in edits(cells, {"one", "two"}, "f", ALL)} == {"one", "two"}


def test_in_a_method_the_attributes_of_self_are_variables_too() -> None:
    """Another one may be meant, or one may be missing, or be overwritten in a loop."""
    head = "class Net:\n    def run(self, x):\n        self.h = x\n        self.a = x + 1\n"
    body = "        for y in x:\n            self.a = y\n        return self.h.T\n"
    source = head + body + "\ndef f(x):\n    return Net().run(x)\n"
    after = [edit.after.source for edit in found(source)]
    assert any("return self.a.T" in each for each in after)
    assert any("self.a = x + 1 + self.h" in each.replace("(x + 1)", "x + 1") for each in after)
    assert any("self.a += y" in each for each in after)


def test_of_two_definitions_the_last_is_changed() -> None:
    """The first is never called."""
    assert {edit.line for edit in found("def f(x):\n    return x\n\ndef f(x):\n    return -x\n")} == {5}


def test_no_docstring_message_annotation_or_print_is_changed() -> None:
    """They are no part of the answer."""
    body = '"""The sum of 2."""\nprint(x + 1)\nif not y: raise ValueError(x + 2)\nz: "np.ndarray[2]" = x\nreturn z'
    assert {edit.line for edit in found(program(body))} <= {7, 8, 9}
    assert all("raise ValueError(x + 2)" in edit.after.source for edit in found(program(body)))


@pytest.mark.parametrize(
    "source",
    ["def f(x:\n", "x" * (MAX_PARSED + 1), "def f(x):\n    return " + "-" * 30_000 + "x\n", "def f(x):\n    return (" + "(" * 3000 + "x\n", "a = 1\rdef f(x):\r    return x\r", "def f(x):\n    return x\0\n", ""],
    ids=["no syntax", "too long", "deep", "nested", "odd lines", "nul", "empty"],
)  # fmt: skip
def test_a_program_that_cannot_be_read_has_no_edits(source: str) -> None:
    """And nothing is raised, whatever the text."""
    assert found(source) == ()


def test_what_only_ipython_understands_is_passed_over() -> None:
    """Lines keep their numbers."""
    edit = found("%matplotlib inline\ndef f(x):\n    !ls\n    return x\n")[0]
    assert (edit.line, edit.after.source.splitlines()[2]) == (4, "    !ls")


def test_the_likeliest_come_first() -> None:
    """Without a new name before with one, small ones before large ones; the first of them are the first of all."""
    source = program("z = x * y\nreturn z.sum(axis=0)")
    ranks = [edit.rank for edit in found(source)]
    assert ranks == sorted(ranks)
    assert found(source, most=20) == found(source)[:20]


def test_of_one_size_what_undoes_a_known_mistake_comes_first() -> None:
    """A missing call is undone by a sum, a change of another kind by one of its own; the size still decides before that."""
    plain = found(program("z = x * y\nreturn z.sum(axis=0)"))
    for known in ("which axis is summed", "which function is called", "a call that should not be there", "a sign"):
        told = ranked(plain, {known})
        assert sorted(told, key=lambda edit: (edit.text, edit.place)) == sorted(
            [replace(edit, rank=(*edit.rank[:2], edit.kind not in undoing(known))) for edit in plain],
            key=lambda edit: (edit.text, edit.place),
        )
        assert [edit.rank for edit in told] == sorted(edit.rank for edit in told)
    assert "a sum" in undoing("which function is called")
    assert "a call that is missing" in undoing("a call that should not be there")
    assert undoing("a sign") == {"a sign"}
    assert ranked(plain, ()) == plain


def test_a_misconception_is_of_the_kind_of_the_likeliest_edits_that_give_its_values() -> None:
    """On all cases: where it has the right value, where it has its own, and where it raises."""
    one, two, three = (pack(np.array([float(number)])) for number in (1, 2, 3))
    case = CaseKey((), one, {"double": two, "raises": None, "triple": three})
    check = CheckKey(name="c", claim="", public=True, function="f", points=1, parts={}, readonly=False, strict=False, judge="", driver="", keep=False, arguments=(), cases=(case,))  # fmt: skip
    every = ("double", "raises", "triple", "right here")
    assert explained(check, case, every, Returned(two)) == {"double"}
    assert explained(check, case, every, Returned(one)) == {"right here"}
    assert explained(check, case, every, Raised("ValueError")) == {"raises"}
    small, large = (next(each for each in found(program("return x")) if each.text == text) for text in ("-x", "x * y"))
    assert (small.kind, large.kind) == ("a sign", "a factor")
    assert kinds_of_mistakes([(small, {"one"}), (large, {"one"})]) == {"a sign"}
    assert kinds_of_mistakes([(small, {"one"}), (large, {"one", "two"})]) == {"a sign", "a factor"}
    assert not kinds_of_mistakes([])


expressions = st.recursive(
    st.sampled_from(["x", "y", "2", "0.5", "-1", "x.T", "x[0]", "x[:, 1]", "y[1:]"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**", "@", ">", "<="]), inner).map("({0[0]} {0[1]} {0[2]})".format),
        inner.map("np.sum({}, axis=0, keepdims=True)".format),
        inner.map("(-{})".format),
        inner.map("np.exp({})".format),
        inner.map("({}).sum(1)".format),
        st.tuples(inner, inner).map("[{0[0]}, {0[1]}]".format),
    ),
    max_leaves=4,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=25)
@given(expression=expressions)
def test_edits_are_programs_that_differ_in_one_place(expression: str) -> None:
    """Each can be parsed and differs from the program, no two are alike, and the order is always the same."""
    source = program(f"z = {expression}\nreturn z")
    everything = found(source)
    plain = ast.unparse(ast.parse(source))
    assert len({edit.after.source for edit in everything}) == len(everything)
    for edit in everything:
        assert ast.unparse(ast.parse(edit.after.source)) != plain
        assert edit.after.source.endswith(edit.statement + "\n")
        changed_lines = [
            one != other for one, other in zip(source.splitlines(), edit.after.source.splitlines(), strict=True)
        ]
        assert changed_lines.index(True) + 1 == edit.line
        assert sum(changed_lines) == 1
    assert found(source) == everything


def test_a_decorator_stays_with_its_function() -> None:
    """It is run again with each variant."""
    source = "import numpy as np\n\n@np.vectorize\ndef f(x):\n    return x\n"
    assert all(edit.statement.startswith("@np.vectorize\ndef f(x):\n    return ") for edit in found(source))


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    ["return [" + "x, " * 8000 + "]", "return " + " + ".join(["x * y"] * 3000), "\n".join(["x = x + y"] * 2000), "return " + "x + " * 400 + "x"],
    ids=["list", "sum", "lines", "chain"],
)  # fmt: skip
def test_what_is_made_of_a_text_is_bounded(body: str) -> None:
    """However large a part of it is changed, or written again around a change."""
    everything = found(program(body))
    assert sum(len(edit.text) for edit in everything) <= 2**18
    assert len(everything) <= 10_000
