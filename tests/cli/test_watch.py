"""`grader check --watch` in a pseudo-terminal, with keys and saved files: what its screen shows."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from grader.cli.watch import page
from pseudo_terminal import terminal
from repository import course_text, reference, write_course

SAMPLE = Path(__file__).parents[1] / "classes" / "sample" / "submitted"
TRANSPOSED = (SAMPLE / "transposed" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")
KEYS = "h hint  n next  l list  c check  q quit"
NO_WATCH = """
import errno, pyseccomp, runpy, sys
refused = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
refused.add_rule(pyseccomp.ERRNO(errno.EMFILE), "inotify_init1")
refused.load()
runpy.run_module("grader.cli", run_name="__main__", alter_sys=True)
"""
"""As on a machine whose limit of watches is used up."""
WITHOUT_WATCHES = [sys.executable, "-c", NO_WATCH, "check", "--watch"]
WATCH = [sys.executable, "-m", "grader.cli", "check", "--watch"]


@pytest.fixture
def tree(run, tmp_path: Path) -> Path:
    """A hand-out with three exercises of two assignments."""
    text = course_text("jacobians/manual_jacobian", "jacobians/linear_layer_jacobian", "sigmoid/sigmoid_jacobian", title="Calculus 🎓")  # fmt: skip
    run("--course", write_course(tmp_path / "course", text), "release", tmp_path / "tree")
    return tmp_path / "tree"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """That of a person at a terminal, with a cache of the test's own."""
    mine = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}}
    return mine | {"TERM": "xterm-256color", "XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.mark.slow
def test_an_exercise_is_checked_again_at_each_save_until_it_is_right(
    run, tree: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first that is left; then hints, the list, the next one; what was found is remembered. Nothing is erased to be drawn."""
    answer = tree / "jacobians" / "manual_jacobian.py"
    with terminal(WATCH, tree, environment) as window:
        lines = window.until_text("manual_jacobian", "Not attempted yet", KEYS)
        assert (lines[0], lines[-1]) == ("0 of 3 right", KEYS)
        answer.write_text(TRANSPOSED)
        window.until_text("manual_jacobian  WRONG_ANSWER", "expected (3, 2)    returned (2, 3)")
        window.press("h")
        window.until_text("Hint 1 of 3: ")
        temporary = answer.with_name("4913.tmp")
        temporary.write_text(reference("jacobians/manual_jacobian"))
        temporary.replace(answer)  # as editors save
        window.until_text("1 of 3 right", "manual_jacobian  public examples right", "n: the next one")
        window.press("l")
        listed = window.until_text("✓ manual_jacobian", "· linear_layer_jacobian", "· sigmoid_jacobian")
        assert any("1 of 3 hints" in line for line in listed)
        window.press("n")
        window.until_text("linear_layer_jacobian", "Not attempted yet")
        (tree / "sigmoid" / "sigmoid_jacobian.py").write_text("def sigmoid_jacobian(z):\n    return undefined\n")
        window.until_text("sigmoid_jacobian  RUNTIME_ERROR", "line 2 is: return undefined")
        window.press("q")
        assert window.end() == 0
        assert window.until_text("1 of 3 exercises right")
        assert b"\x1b[2J" not in window.sent.partition(KEYS.encode())[2]
    monkeypatch.chdir(tree)
    monkeypatch.setenv("XDG_CACHE_HOME", environment["XDG_CACHE_HOME"])
    assert "1 of 3 hints" in run("status").out


@pytest.mark.slow
def test_a_narrow_terminal_has_all_of_it_on_several_pages(tree: Path, environment: dict[str, str]) -> None:
    """40 columns, also after a change of the size; an interrupt ends it like the key."""
    (tree / "jacobians" / "manual_jacobian.py").write_text(TRANSPOSED)
    with terminal([*WATCH, "manual_jacobian"], tree, environment, 100, 40) as window:
        window.until_text("manual_jacobian  WRONG_ANSWER", KEYS)
        window.resize(40, 12)
        lines = window.until_text("space more (1/", KEYS)
        assert len(lines) == 12
        seen = ""
        pages = int("\n".join(lines).partition("space more (1/")[2].partition(")")[0])
        for number in range(1, pages + 1):
            # By its number: a frame may come in pieces, and a key that comes with the one before is shown with it at once.
            seen += "\n".join(window.until_text(f"space more ({number}/{pages})", KEYS))
            window.press(" ")
        window.until_text(f"space more (1/{pages})", KEYS)
        assert "expected (3, 2)" in seen
        assert "returned (2, 3)" in seen
        window.process.send_signal(2)
        assert window.end() == 0


@pytest.mark.slow
def test_after_ctrl_z_it_draws_anew_and_hears_keys_at_once(tree: Path, environment: dict[str, str]) -> None:
    """A shell that had the terminal meanwhile has left it with lines that end in Enter, and with its own text on the screen."""
    with terminal([*WATCH, "manual_jacobian"], tree, environment) as window:
        window.until_text("Not attempted yet", KEYS)
        window.stop_and_go_on()
        lines = window.until_text("Not attempted yet", KEYS)
        assert (lines[0], lines[-1]) == ("0 of 1 right", KEYS)
        window.press("h")
        window.until_text("Hint 1 of 3: ")
        window.press("q")
        assert window.end() == 0


@pytest.mark.slow
def test_without_the_systems_word_saves_are_found_all_the_same(tree: Path, environment: dict[str, str]) -> None:
    """Where it watches for too many already, which the screen says, and where the student's own variable asks for it."""
    answer = tree / "jacobians" / "manual_jacobian.py"
    stub = answer.read_text()
    for command, variables in ((WITHOUT_WATCHES, {}), (WATCH, {"WATCHFILES_FORCE_POLLING": "true"})):
        answer.write_text(stub)
        with terminal([*command, "manual_jacobian"], tree, environment | variables) as window:
            lines = window.until_text("Not attempted yet", KEYS)
            said = "This machine does not tell what is saved" in " ".join(lines)
            assert said is not bool(variables)
            answer.write_text(TRANSPOSED)
            window.until_text("manual_jacobian  WRONG_ANSWER")
            answer.write_text(reference("jacobians/manual_jacobian"))
            window.until_text("1 of 1 right")
            window.press("q")
            assert window.end() == 0


def test_without_a_terminal_it_says_so_in_a_sentence(run, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    ran = run("check", "--watch")
    assert (ran.code, ran.err.startswith("grader: --watch draws in a terminal, and there is none here")) == (2, True)
    assert ran.err.count("\n") == 1


@given(st.lists(st.text(max_size=3), max_size=40), st.integers(0, 100), st.integers(1, 12))
def test_every_line_is_on_one_of_the_pages(texts, number, height):
    lines = [Text(text) for text in texts]
    shown, more = page(lines, number, height)
    pages = max(-(-len(lines) // height), 1)
    assert len(shown) <= height
    assert bool(more) is (pages > 1)
    assert [line for each in range(pages) for line in page(lines, each, height)[0]] == lines
    assert shown == page(lines, number % pages, height)[0]
