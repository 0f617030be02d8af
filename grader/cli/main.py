"""The `grader` command: declares what can be asked; other modules, imported when needed, do it."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

import grader
from grader.cli.common import (
    EXIT_FAULT,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    console,
    cores,
    json_option,
    print_json,
    whole_course,
)
from grader.cli.student import check, hint
from grader.errors import GraderError, UsageError

__all__ = ["main"]

_FOR_NBGRADER = "grader.for_nbgrader.cli"
"""The commands of the integration: known by name, and imported where they are asked for."""


def main() -> None:
    """Run the command and leave with its exit code."""
    try:
        # A click command that raises leaves its exit code to the caller.
        code = command(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: what was finished is written", err=True)
        code = EXIT_INTERRUPTED
    except GraderError as error:
        click.echo(f"grader: {error}", err=True)
        code = EXIT_USAGE if isinstance(error, UsageError) else EXIT_FAULT
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"grader: {where}{error.strerror or error}; make room or choose another place", err=True)
        code = EXIT_FAULT
    sys.exit(code or 0)


class _Later(click.Group):
    """The commands of an integration, imported when one of them or their help is asked for."""

    def __init__(self, name: str, module: str, about: str) -> None:
        super().__init__(name, help=about)
        self._module = module

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._group().get_command(ctx, cmd_name)

    def _group(self) -> click.Group:
        group: click.Group = importlib.import_module(self._module).group
        return group


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  grader check manual_jacobian.py      a student checks an answer
  grader grade submitted               an instructor grades a class
  grader explain alice manual_jacobian and looks at one answer
  grader verify                        an author proves that the checks bite
""",
)
@click.option(
    "--course",
    type=click.Path(path_type=Path, file_okay=False),
    help="The course's folder [default: the nearest with a course.yml].",
)
@click.version_option(grader.__version__, prog_name="grader")
@click.pass_context
def command(context: click.Context, course: Path | None) -> None:
    """Grade neural-network calculus. Student code runs apart and returns values, never verdicts."""
    context.obj = course


@command.command(
    epilog="""\b
Examples:
  grader grade submitted
  grader grade submitted --assignment backprop --jobs 4 --out results/backprop
  grader grade submitted --student alice --json
"""
)
@click.argument("submitted", type=click.Path(path_type=Path))
@click.option("--assignment", metavar="A", help="Grade this assignment alone.")
@click.option("--exercise", metavar="E", help="Grade this exercise alone.")
@click.option("--student", metavar="S", help="Grade this student alone.")
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1, 256), help="How many to grade at once [default: one for each core]."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="Where the results go.",
)
@click.option("--missing-is-zero", is_flag=True, help="Replace earlier scores also where nothing is found any more.")
@json_option
@click.option("--quiet", is_flag=True, help="Print problems only.")
@click.pass_context
def grade(  # noqa: PLR0913  one argument for each option
    context: click.Context, submitted: Path, assignment: str | None, exercise: str | None, student: str | None,
    jobs: int | None, out: Path, missing_is_zero: bool, as_json: bool, quiet: bool,  # noqa: FBT001
) -> int:  # fmt: skip
    """Grade a class: SUBMITTED/<student>/<assignment>/<exercise>.py or .ipynb.

    Writes grades.csv, reports/ (for the instructor) and feedback/ (for the students) into --out. An earlier result there
    is replaced where an answer is found, and stays where none is.
    """
    from grader.cli import marking  # noqa: PLC0415

    whole = whole_course(context)
    asked = marking.Asked(submitted, assignment, exercise, student, jobs or cores(), out, missing_is_zero)
    return marking.mark(whole, asked, console(quiet=quiet or as_json), print_json if as_json else None)


@command.command(
    epilog="""\b
Example:
  grader explain alice sigmoid_grad
"""
)
@click.argument("student")
@click.argument("exercise")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="Where the class's results are.",
)
@click.option(
    "--submitted",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the submissions are [default: where they were graded].",
)
@click.pass_context
def explain(context: click.Context, student: str, exercise: str, out: Path, submitted: Path | None) -> int:
    """Show one answer's failed cases: inputs, expected and returned values. For the instructor alone."""
    from grader.building.compiler import compile_key  # noqa: PLC0415
    from grader.cli import explain as explaining  # noqa: PLC0415
    from grader.grading.attempt import attempt, packages  # noqa: PLC0415
    from grader.reports.store import read_run  # noqa: PLC0415
    from grader.sandbox.sandbox import Sandbox  # noqa: PLC0415
    from grader.submissions.find import find_submissions  # noqa: PLC0415

    whole = whole_course(context)
    course = whole.select(exercise=exercise)
    (chosen,) = course.exercises()
    place = submitted or Path(read_run(out).submitted)
    key = compile_key(whole, chosen, student if whole.individual else "")
    found = find_submissions(place, course, student, whole=whole, functions=lambda _: key.functions)
    (submission,) = found.submissions
    with Sandbox(packages(chosen)) as sandbox:
        attempted = attempt(sandbox, chosen, key, submission)
    screen = console()
    for line in explaining.explain(key, attempted):
        screen.print(line, markup=False)
    return 0


@command.command()
@json_option
def doctor(*, as_json: bool) -> int:
    """Show which layers of isolation this machine offers, and how to get the others.

    Exit code 1 where the baseline that grading needs is not met.
    """
    from grader.cli.terminal import layer_table  # noqa: PLC0415
    from grader.sandbox.layers import LAYERS, missing_baseline  # noqa: PLC0415
    from grader.sandbox.sandbox import Sandbox  # noqa: PLC0415

    with Sandbox() as sandbox:
        active = sandbox.start().layers
    missing = missing_baseline(active)
    if as_json:
        print_json({"active": active, "missing_baseline": missing})
    else:
        console().print(layer_table(LAYERS, active))
        verdict = f"grading refuses here: {', '.join(missing)} missing" if missing else "grading is isolated here"
        console().print(verdict)
    return EXIT_FAULT if missing else 0


@command.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--notebooks", is_flag=True, help="Write nbgrader's source notebooks, which hold the solutions, instead.")
@click.pass_context
def release(context: click.Context, out: Path, notebooks: bool) -> int:  # noqa: FBT001
    """Write the students' tree into OUT: stubs, public examples, and how to start."""
    from grader.building.release import release as write  # noqa: PLC0415

    if notebooks:
        importlib.import_module(_FOR_NBGRADER).write_sources(whole_course(context), out)
        return 0
    files = write(whole_course(context), out)
    click.echo(f"{len(files)} files in {out}")
    return 0


@command.command()
@click.argument("exercises", metavar="[EXERCISE]...", nargs=-1)
@json_option
@click.pass_context
def verify(context: click.Context, exercises: tuple[str, ...], as_json: bool) -> int:  # noqa: FBT001
    """Prove that the checks bite: right answers pass, wrong ones fail and are named. Exit code 1 on any fault."""
    from grader.cli.terminal import verification_table  # noqa: PLC0415
    from grader.verify.verify import verify as prove  # noqa: PLC0415

    course = whole_course(context)
    chosen = [course.select(exercise=name).exercises()[0] for name in exercises] or course.exercises()
    found = list(prove(course, chosen))
    if as_json:
        print_json(found)
    else:
        console().print(verification_table(found))
    return EXIT_FAULT if any(each.faults for each in found) else 0


command.add_command(check)
command.add_command(hint)
command.add_command(_Later("nbgrader", _FOR_NBGRADER, "Work with an nbgrader course: its notebooks, its gradebook."))
