"""`nbgrader autograde` and `grader nbgrader autograde` over one class of odd hand-ins: the same rows in the gradebook."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from nbgrader.api import Gradebook

from commands import run_module

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = (None, True)
FULL = {"checks-sigmoid_grad": (5.0, False), "checks-dead_relu_input": (8.0, False)}
ZERO = dict.fromkeys(FULL, (0.0, False))
ASKED = dict.fromkeys(FULL, EMPTY)

pytestmark = pytest.mark.long

Worth = Mapping[str, tuple[float | None, bool]]


@dataclass(frozen=True)
class Hand:
    """A student's folder for the assignment, and what may be put into it."""

    place: Path
    answered: dict[str, Any]
    untouched: dict[str, Any]

    def write(self, notebook: dict[str, Any], name: str = "activations.ipynb") -> None:
        (self.place / name).write_text(json.dumps(notebook), encoding="utf-8")

    def with_cells(self, **parts: Any) -> dict[str, Any]:
        """The answered notebook, with parts of its cells replaced where they have them."""
        return self.answered | {
            "cells": [
                cell | {name: part for name, part in parts.items() if name in cell} for cell in self.answered["cells"]
            ]
        }


CASES: dict[str, tuple[Callable[[Hand], None], Worth]] = {}
"""What each student hands in, and what it is worth: each cell's automatic score, and whether a person is asked."""


def case(worth: Worth, *names: str) -> Callable[[Callable[[Hand], None]], Callable[[Hand], None]]:
    def kept(make: Callable[[Hand], None]) -> Callable[[Hand], None]:
        CASES.update(dict.fromkeys(names or (make.__name__,), (make, worth)))
        return make

    return kept


@case(FULL, "plain", "[x]", "a*", "?da", "tab\tin it", "\x1b[31mred", "ünïcode")
def whole(hand) -> None:
    hand.write(hand.answered)


@case(ZERO)
def untouched_alone(hand) -> None:
    hand.write(hand.untouched)


@case(FULL)
def null_cell_ids(hand) -> None:
    hand.write(hand.with_cells(id=None))


@case(FULL)
def ids_of_other_letters(hand) -> None:
    hand.write(hand.with_cells(id="ä b"))


@case(FULL)
def outputs_that_are_none(hand) -> None:
    hand.write(hand.with_cells(outputs=None))


@case(FULL)
def metadata_that_is_none(hand) -> None:
    hand.write(hand.answered | {"metadata": {"kernelspec": 5, "authors": "me", "language_info": {"name": 7}}})


@case(FULL)
def byte_order_mark(hand) -> None:
    (hand.place / "activations.ipynb").write_bytes(b"\xef\xbb\xbf" + json.dumps(hand.answered).encode())


@case(FULL)
def suffix_in_capitals(hand) -> None:
    hand.write(hand.answered, "activations.IPYNB")
    hand.write(hand.untouched, "scratch.ipynb")


@case(ASKED)
def renamed(hand) -> None:
    hand.write(hand.answered, "activations_renamed.ipynb")


@case(ASKED)
def name_in_capitals(hand) -> None:
    hand.write(hand.answered, "Activations.ipynb")


@case(ASKED)
def copy_beside_an_untouched_one(hand) -> None:
    hand.write(hand.untouched)
    hand.write(hand.answered, "activations-Copy1.ipynb")


@case(FULL)
def copy_beside_an_answered_one(hand) -> None:
    hand.write(hand.answered)
    hand.write(hand.untouched, "activations-Copy1.ipynb")


@case(ASKED, "not_json", "deep", "objects", "many_cells", "empty_file", "not_utf_8", "a_list")
def unreadable(hand) -> None:
    start = json.dumps(hand.answered)[:-1]
    text = {
        "not_json": '{"cells": [',
        "deep": f'{start}, "x": {"[" * 5_000}{"]" * 5_000}}}',
        "objects": f'{start}, "x": [{"{}," * 3_000_000}0]}}',
        "many_cells": json.dumps(
            hand.answered | {"cells": hand.answered["cells"] + [hand.answered["cells"][0]] * 15_000}
        ),
        "empty_file": "",
        "not_utf_8": "",
        "a_list": "[1, 2]",
    }[hand.place.parent.name]
    data = b"\xff\xfe\x00" if hand.place.parent.name == "not_utf_8" else text.encode()
    (hand.place / "activations.ipynb").write_bytes(data)


@case(ASKED)
def link_to_another(hand) -> None:
    (hand.place / "activations.ipynb").symlink_to(hand.place.parents[1] / "plain" / "activations" / "activations.ipynb")


@case(ASKED)
def pipe(hand) -> None:
    os.mkfifo(hand.place / "activations.ipynb")


@case(ASKED)
def folder_that_is_a_link(hand) -> None:
    hand.place.rmdir()
    hand.place.symlink_to(hand.place.parents[1] / "plain" / "activations")


@case(FULL)
def links_and_pipes_beside(hand) -> None:
    hand.write(hand.answered)
    (hand.place / "data.csv").symlink_to(hand.place.parents[3] / "solutions" / "activations" / "sigmoid_grad_checks.py")
    (hand.place / "zero.bin").symlink_to("/dev/zero")
    (hand.place / "own.csv").write_text("1,2\n")
    os.mkfifo(hand.place / "pipe")


@case(FULL)
def much_output(hand) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 5_000_000}
    hand.write(hand.with_cells(outputs=[output]))


@case(FULL)
def thousands_of_grade_ids(hand) -> None:
    def cell(name: str) -> dict[str, Any]:
        about = {
            "grade_id": name,
            "grade": False,
            "solution": True,
            "locked": False,
            "schema_version": 3,
            "task": False,
        }
        return {
            "cell_type": "code",
            "metadata": {"nbgrader": about},
            "source": "1",
            "outputs": [],
            "execution_count": None,
        }

    extra = [cell(f"solution-{number}") for number in range(2_000)] + [cell("solution-sigmoid_grad")] * 500
    hand.write(hand.answered | {"nbformat_minor": 4, "cells": [*extra, *hand.answered["cells"]]})


@case(ASKED)
def time_that_is_none(hand) -> None:
    hand.write(hand.answered)
    (hand.place / "timestamp.txt").write_text("yesterday")


@case(ASKED)
def time_that_is_a_pipe(hand) -> None:
    hand.write(hand.answered)
    os.mkfifo(hand.place / "timestamp.txt")


def with_solution(
    cells: list[dict[str, Any]], change: Callable[[dict[str, Any]], dict[str, Any]]
) -> list[dict[str, Any]]:
    """The cells, with a change to the one that answers sigmoid_grad."""
    return [
        change(cell) if cell["metadata"].get("nbgrader", {}).get("grade_id") == "solution-sigmoid_grad" else cell
        for cell in cells
    ]


@case(FULL)
def the_name_once_more_in_a_later_cell(hand) -> None:
    """The lecture's function of that name, pasted below the checks that the answer passed."""
    later: dict[str, Any] = {
        "cell_type": "code", "metadata": {}, "source": "def sigmoid_grad(z, cache):\n    return z * cache\n", "outputs": [],
        "execution_count": None,
    }  # fmt: skip
    hand.write(hand.answered | {"nbformat_minor": 4, "cells": [*hand.answered["cells"], later]})


@case(FULL)
def answer_made_markdown(hand) -> None:
    def made_markdown(cell: dict[str, Any]) -> dict[str, Any]:
        return {"cell_type": "markdown"} | {name: cell[name] for name in ("id", "metadata", "source") if name in cell}

    hand.write(hand.answered | {"cells": with_solution(hand.answered["cells"], made_markdown)})


@case(FULL)
def numpy_known_from_the_course_s_own_cell(hand) -> None:
    """Jupyter shows such an answer to be right: the locked cell of examples imports numpy before anything is called."""

    def without_import(cell: dict[str, Any]) -> dict[str, Any]:
        source = "".join(cell["source"])
        lines = [line for line in source.splitlines() if not line.startswith(("import numpy", "from numpy"))]
        return cell | {"source": "from __future__ import annotations\n" + "\n".join(lines)}

    hand.write(hand.answered | {"cells": with_solution(hand.answered["cells"], without_import)})


def made(nb, students: dict[str, Any]) -> None:
    answered, untouched = (
        json.loads(json.dumps(each))
        for each in (nb.answered("activations", **students["right"]), nb.released("activations"))
    )
    for student, (make, _) in CASES.items():
        place = nb.root / "submitted" / student / "activations"
        place.mkdir(parents=True)
        make(Hand(place, answered, untouched))
    (nb.root / "submitted" / "new\nline" / "activations").mkdir(parents=True)
    Hand(nb.root / "submitted" / "new\nline" / "activations", answered, untouched).write(answered)
    (nb.root / "submitted" / "nothing" / "activations").mkdir(parents=True)


def rows(nb) -> dict[str, dict[str, tuple[float | None, bool]]]:
    """Each student's cells: the automatic score, and whether a person is asked."""
    found: dict[str, dict[str, tuple[float | None, bool]]] = {}
    with contextlib.closing(sqlite3.connect(nb.root / "gradebook.db")) as database:
        for student, cell, score, asked in database.execute(
            """select s.student_id, c.name, g.auto_score, g.needs_manual_grade from grade g
               join base_cell c on c.id = g.cell_id join submitted_notebook sn on sn.id = g.notebook_id
               join submitted_assignment s on s.id = sn.assignment_id"""
        ):
            found.setdefault(student, {})[cell] = (score, bool(asked))
    return found


@pytest.fixture(scope="module")
def ways(released_course, students, tmp_path_factory):
    """The class graded in both ways, and what each printed."""
    found = []
    for way in (
        ("nbgrader", "autograde", "activations"),
        ("grader.cli", "nbgrader", "autograde", "activations", "--jobs", "2"),
    ):
        nb = released_course.copy(tmp_path_factory.mktemp("way") / "course")
        made(nb, students)
        found.append((nb, run_module(*way, root=nb.root, code=1)))
    return found


@pytest.mark.parametrize("student", CASES)
def test_both_ways_leave_the_rows_that_a_hand_in_is_worth(ways, student) -> None:
    assert [rows(nb)[student] for nb, _ in ways] == [CASES[student][1]] * 2


def test_both_ways_enter_the_same_students(ways) -> None:
    """What has a name that nbgrader cannot match, or no notebook in it, is named, and has no row."""
    assert [rows(nb).keys() for nb, _ in ways] == [CASES.keys()] * 2
    for _, printed in ways:
        assert "new\\nline" in printed
        assert "is no name for a student" in printed
    assert "holds no notebook" in ways[1][1]


@pytest.mark.parametrize(("student", "said"), [
    ("renamed", "'activations_renamed.ipynb' is no notebook of the assignment"),
    ("copy_beside_an_untouched_one", "'activations-Copy1.ipynb' is no notebook of the assignment, and was not read; what was read holds no answer, so that a person is asked"),
    ("copy_beside_an_answered_one", "'activations-Copy1.ipynb' is no notebook of the assignment, and was not read\n"),
    ("link_to_another", "activations.ipynb is a link or not a file at all"),
    ("folder_that_is_a_link", "is a link, which is not followed"),
    ("many_cells", "cells; at most 10000 are read"),
    ("objects", "holds millions of values"),
    ("deep", "too deeply for a notebook"),
    ("time_that_is_a_pipe", "timestamp.txt is no date and time"),
    ("links_and_pipes_beside", "zero.bin is a link, no file, or too large: it was not copied"),
])  # fmt: skip
def test_the_class_run_says_what_became_of_a_hand_in(ways, student, said) -> None:
    lines = [line for line in ways[1][1].splitlines(keepends=True) if f": {student}: " in line]
    assert said in "".join(lines)


def test_nothing_that_is_led_elsewhere_is_copied(ways) -> None:
    for nb, _ in ways:
        names = {path.name for path in (nb.root / "autograded" / "links_and_pipes_beside" / "activations").iterdir()}
        assert names == {"activations.ipynb", "own.csv"}


def test_a_regrade_of_what_cannot_be_read_any_more_leaves_no_old_grade(nb, students) -> None:
    """A person's grade stays, and a person is asked."""
    ways = {
        "nbgrader": ("nbgrader", "autograde", "activations", "--force"),
        "grader": ("grader.cli", "nbgrader", "autograde", "activations", "--force"),
    }
    for name, way in ways.items():
        each = nb.copy(nb.root.parents[1] / name)
        again = {"broken": "{", "renamed": None, "late": None}
        for student in again:
            each.submit(student, "activations", each.answered("activations", **students["right"]))
        run_module(*way, root=each.root)
        assert rows(each) == dict.fromkeys(again, FULL)
        with Gradebook(f"sqlite:///{each.root / 'gradebook.db'}") as gradebook:
            gradebook.find_grade("checks-sigmoid_grad", "activations", "activations", "broken").manual_score = 2.0
            gradebook.db.commit()
        place = each.root / "submitted"
        (place / "broken" / "activations" / "activations.ipynb").write_text('{"cells": [')
        (place / "renamed" / "activations" / "activations.ipynb").rename(place / "renamed" / "activations" / "b.ipynb")
        (place / "late" / "activations" / "timestamp.txt").write_text("yesterday")
        run_module(*way, root=each.root, code=1)
        assert rows(each) == dict.fromkeys(again, ASKED)
        with Gradebook(f"sqlite:///{each.root / 'gradebook.db'}") as gradebook:
            assert (
                gradebook.find_grade("checks-sigmoid_grad", "activations", "activations", "broken").manual_score == 2.0
            )
