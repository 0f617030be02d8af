"""A real class that hands in while it is graded, run after run: what each student waited for."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
from peers.answers import student_name
from peers.layouts import ASSIGNMENT

from scale.measured import write_answers

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scale.measured import Class

__all__ = ["graded_as_it_comes"]


def graded_as_it_comes(a_class: Class, handed_in: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """When each student's report was there, in seconds since the first could hand in; and how many runs that took.

    `grader grade` runs again as soon as it has ended and something new is there. A student's folder comes into its place whole.
    One more has been graded before, so that the record has the keys.
    """
    students = range(len(handed_in))
    prepared = a_class.place / "prepared"
    write_answers(prepared, students)
    write_answers(a_class.submitted, [len(students)])
    a_class.grade()
    came: list[float] = []
    start = time.time()

    def hand_in() -> None:
        for number in students:
            time.sleep(max(0.0, start + handed_in[number] - time.time()))
            came.append(time.time())
            (prepared / student_name(number)).rename(a_class.submitted / student_name(number))

    thread = threading.Thread(target=hand_in)
    thread.start()
    runs, graded = 0, 0
    while graded < len(handed_in):
        there = len(came)
        if there > graded:
            a_class.grade()
            runs, graded = runs + 1, sum(_report(a_class, number).exists() for number in students)
        else:
            time.sleep(0.01)
    thread.join()
    return np.array([_report(a_class, number).stat().st_mtime for number in students]) - start, runs


def _report(a_class: Class, number: int) -> Path:
    return a_class.reports / "reports" / student_name(number) / f"{ASSIGNMENT}.json"
