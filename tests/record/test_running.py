"""A run on a record: what is graded is written as the run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.course.course_yml import load_course
from grader.grading.executor import Here
from grader.grading.keys import Keys
from grader.grading.pool import Pool
from grader.record.opening import open_record
from grader.record.running import Grading
from grader.record.writing import Writer
from grader.reports.store import Results
from grader.submissions.find import Submission
from one_exercise import make, scalar

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_reports_are_written_while_the_next_answers_are_graded(tmp_path: Path) -> None:
    """Also where one comes so soon after the other that the record always has some to add."""
    course = load_course(make(tmp_path, scalar("", "1.0"), "return 2.0 * x", "x"))
    submissions = []
    for number in range(30):
        path = tmp_path / f"{number}.py"
        path.write_text(f"import time\ntime.sleep(0.05)\ndef gate(x): return {number}.0 * x\n", encoding="utf-8")
        submissions.append(Submission(f"student-{number:02}", "first", "gate", path, ""))
    results = Results(tmp_path / "out")
    with open_record(tmp_path / "record.sqlite", course.title) as record:
        keys = Keys(course, store=record)
        with Here(course, keys, Pool()) as executor:
            grading = Grading(record, course, keys, executor)
            record.begin_run("grade", "")
            writer = Writer(record, course, results)
            written = [
                len(list(results.out.glob("reports/*/*.json")))
                for _ in grading.grade(submissions, {}, writer, missing_is_zero=False)
            ]
            writer.finish()
    assert len(written) == 30
    assert written[-1] >= 15
    assert len(list(results.out.glob("reports/*/*.json"))) == 30
