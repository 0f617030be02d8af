"""What the page on a class costs: 1,000 students who answered the whole course, whose results are in a record; nothing is run.

`grader report` runs in a process of its own. The page has to be smaller than 5 MB. Its processor seconds, those of starting included, are set
beside those that it takes to read out of the record what counts of every answer by the term's rules, the floor of whatever is made
of a class, in the same run: at most three times that.

    python benchmarks/report.py [--students N] [--sample SEED]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sampling import sample_option

from classroom import names, record_class
from grader.course.course_yml import load_course
from grader.record.opening import open_record
from grader.record.writing import reports

ROOT = Path(__file__).parents[1]
MEGABYTES, TIMES = 5.0, 3.0
SAMPLE = 150
"""Students; of so few the start of the command takes longer than reading what counts, which is told and has no bound."""


def report(place: Path, folder: Path, *arguments: str) -> tuple[float, float]:
    """Make a page; its megabytes, and the processor seconds that it took."""
    page = folder / "results" / "page.html"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["report", *arguments, "--db", str(place), "--results", str(folder / "results"), "--out", str(page)]
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "grader.cli", "--course", str(ROOT), *command], check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return page.stat().st_size / 1e6, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure, and print a table; exit code 1 where a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=1000)
    sample_option(parser)
    asked = parser.parse_args()
    students = names(asked.students if asked.sample is None else SAMPLE)
    course = load_course(ROOT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = folder / "record.sqlite"
        with open_record(place, course.title) as record:
            record.begin_run("grade", "submitted")
            record_class(record, course, students)
            start = time.process_time()
            count = sum(len(each.exercises) for each in reports(record, course))
            floor = time.process_time() - start
        for student in students:
            pages = folder / "results" / "feedback" / student.replace("/", "_")
            pages.mkdir(parents=True)
            for assignment in course.assignments:
                (pages / f"{assignment.id}.html").touch()
        print(f"{len(students)} students, {count} results, which are read in {floor:.1f} s of a processor")
        print(f"{'page of':12}{'MB':>6}{'seconds':>9}{'of the floor':>14}")
        fits = True
        for part in ("", max(course.assignments, key=lambda each: len(each.exercises)).id):
            size, seconds = report(place, folder, *filter(None, [part]))
            print(f"{part or 'the course':12}{size:6.2f}{seconds:9.1f}{seconds / floor:14.2f}")
            fits &= size < MEGABYTES and (seconds <= TIMES * floor or asked.sample is not None)
    print(f"at most {MEGABYTES:g} MB and {TIMES:g} times the floor")
    raise SystemExit(not fits)


if __name__ == "__main__":
    main()
