"""One edit that makes a wrong answer right: both ways of nbgrader look for it, and tell its line and kind alone."""

from __future__ import annotations

from grader.for_nbgrader.autograde.classrun import autograde_class

WRONG = "import numpy as np\ndef sigmoid_grad(z):\n    e = np.exp(-np.abs(z))\n    return e / (1 + e) ** 3\n"
SENTENCE = "line 4: one change to a power makes every check pass"


def shown(nb) -> str:
    """All that the cells of the checks show."""
    notebook = nb.autograded("ada", "activations")
    return "\n".join(str(cell.get("outputs")) for cell in notebook.cells if "checks" in cell.metadata.nbgrader.grade_id)


def test_both_ways_tell_the_line_and_never_the_edit(nb) -> None:
    """In the same words; with `--no-repair` nothing of it is said, and the scores are the same."""
    settings = nb.root.parent / "course.yml"
    settings.write_text(settings.read_text().replace("variants: 100,", "variants: 1000,"))
    nb.submit("ada", "activations", nb.answered("activations", sigmoid_grad=WRONG))
    at_once = nb.copy(nb.root.parent.with_name("at-once"))
    without = nb.copy(nb.root.parent.with_name("without"))
    assert nb.autograde("activations")
    assert autograde_class(at_once.root, "activations", None).failed == {}
    assert autograde_class(without.root, "activations", None, repair=False).failed == {}
    for each in (nb, at_once):
        assert SENTENCE in shown(each)
        assert "(1 + e) ** 2" not in shown(each)
        assert "@@" not in shown(each)
    assert "one change to" not in shown(without)
    assert nb.scores("activations") == at_once.scores("activations") == without.scores("activations")


def test_both_ways_say_where_a_search_was_cut_off(nb) -> None:
    """By its time; the scores are the same."""
    settings = nb.root.parent / "course.yml"
    settings.write_text(settings.read_text().replace("seconds: 600", "seconds: 0.000001"))
    nb.submit("ada", "activations", nb.answered("activations", sigmoid_grad=WRONG))
    at_once = nb.copy(nb.root.parent.with_name("at-once"))
    assert nb.autograde("activations")
    assert autograde_class(at_once.root, "activations", None).failed == {}
    for each in (nb, at_once):
        assert "The one change that makes it right: not searched: 1e-06 seconds were too short." in shown(each)
        assert "one change to" not in shown(each)
    assert nb.scores("activations") == at_once.scores("activations")
