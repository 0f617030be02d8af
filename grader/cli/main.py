"""The `grader` command: knows its commands by name, and imports the module of the one that is called."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

import grader
from grader.cli.exit_codes import EXIT_FAULT, EXIT_INTERRUPTED, EXIT_USAGE
from grader.cli.later import Later
from grader.cli.start import BEGUN, loaded
from grader.cli.width import columns
from grader.errors import GraderError, UsageError
from grader.log import configure, reraises
from grader.names import shown_lines

if TYPE_CHECKING:
    from grader.sandbox.workers import Zygote

__all__ = ["command", "main"]

_COMMANDS = {
    "audit": (
        "grader.cli.audit:audit",
        "Tell the history of a student's grades, line by line: when, which run, by whom, and why it became another.",
    ),
    "check": ("grader.cli.check:check", "Check your own answers against the public examples."),
    "collect": (
        "grader.cli.collect:collect",
        "Put what Canvas, Moodle, Gradescope, Blackboard, Brightspace, nbgrader or GitHub Classroom hands out into --into, for `grader grade`.",
    ),
    "doctor": (
        "grader.cli.doctor:doctor",
        "Show which layers of isolation this machine offers, and how to get the others.",
    ),
    "excuse": (
        "grader.cli.extend:excuse",
        "Leave ASSIGNMENT out of the term of WHO, a student or a team: out of the points, and out of the maximum.",
    ),
    "explain": ("grader.cli.explain:explain", "Show one answer's failed cases: inputs, expected and returned values."),
    "export": ("grader.cli.export:export", "Write results in the form that another service takes."),
    "extend": ("grader.cli.extend:extend", "Give WHO, a student or a team, until later for ASSIGNMENT."),
    "feedback": ("grader.cli.feedback:feedback", "Write the students' pages again, as of now or another time."),
    "grade": ("grader.cli.grade:grade", "Grade a class: SUBMITTED/<student>/<assignment>/<exercise>.py or .ipynb."),
    "grades": (
        "grader.cli.grades:grades",
        "Show the term's table: what each assignment comes to after lateness, and what all come to by the course's rules.",
    ),
    "gradescope": (
        "grader.cli.gradescope:gradescope_command",
        "Grade the one submission in Gradescope's container: PLACE/submission to PLACE/results/results.json.",
    ),
    "hint": ("grader.cli.hint:hint", "Show the next hint for an exercise, from a nudge to nearly the solution."),
    "mark": (
        "grader.cli.mark:mark",
        "Give points for written answers; each mark is a row of the record, and survives regrading.",
    ),
    "mistakes": (
        "grader.cli.mistakes:mistakes",
        "Show the wrong answers of a class that no known mistake explains, those of the same values together.",
    ),
    "nbgrader": ("grader.for_nbgrader.cli:group", "Work with an nbgrader course: its notebooks, its gradebook."),
    "new": (
        "grader.cli.new:group",
        "Begin a course, or one more exercise of it: files that are right, or that say what is to be written in them.",
    ),
    "override": (
        "grader.cli.override:override",
        "Give POINTS for the answer that counts, in the place of the judge's: after an appeal, or for one that was flagged.",
    ),
    "preview": (
        "grader.cli.preview:preview",
        "Write one page for the author: the stub, what a right answer and each known wrong one is told, and what verifying finds.",
    ),
    "publish": ("grader.cli.publish:publish", "Publish the results of ASSIGNMENT: a row of the record."),
    "record": (
        "grader.cli.record:group",
        "Take earlier results into the course's record, or give it the course's new title.",
    ),
    "regrade": (
        "grader.cli.regrade:regrade",
        "Run what was handed in again, where it was judged by other checks or limits or another grader than it would be now.",
    ),
    "release": (
        "grader.cli.release:release",
        "Write the students' hand-out into OUT: stubs, notebooks, public examples, the grader, and how to start.",
    ),
    "report": (
        "grader.cli.report:report",
        "Write a page on a class: what waits for you, how hard exercises and checks are, who has which mistake, everybody's points.",
    ),
    "status": ("grader.cli.status:status", "Show how you stand with each exercise, and which one is next."),
    "summary": ("grader.cli.summary:summary", "Show what came of a class in twenty lines."),
    "verify": (
        "grader.cli.verify:verify",
        "Prove that the checks bite: right answers pass, wrong ones fail and are named.",
    ),
}
"""Each command's module and name there, and the first sentence of its help."""
_ALONE = "grader.cli.status:alone"
"""What is done where no command is named."""
_LEAST, _TERMINAL, _MOST = 50, 80, 100
"""How many columns help takes, and of a terminal that does not say how many it has."""


def main(worker: Zygote | None = None) -> None:
    """Run the command and leave with its exit code; a `worker` that has begun is for a check."""
    try:
        # A click command that raises leaves its exit code to the caller.
        code = command(prog_name="grader", standalone_mode=False, obj=worker, terminal_width=_width_of_help())
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: what was finished is written", err=True)
        code = EXIT_INTERRUPTED
        _end_with_all_threads(code)
    except (GraderError, OSError) as error:
        if reraises():
            raise
        click.echo(shown_lines(f"grader: {_sentence(error)}"), err=True)
        code = EXIT_USAGE if isinstance(error, UsageError) else EXIT_FAULT
    sys.exit(code or 0)


def _end_with_all_threads(code: int) -> None:
    """End here where a thread runs on, for which Python would wait: in a reference that never ends, say."""
    if any(each is not threading.main_thread() and not each.daemon for each in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _width_of_help() -> int:
    """As click has it; it would import much to ask how wide the terminal is."""
    return max(min(columns(_TERMINAL), _MOST) - 2, _LEAST)


def _sentence(error: GraderError | OSError) -> str:
    if isinstance(error, GraderError):
        return str(error)
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}; make room or choose another place"


@click.group(
    cls=Later,
    later=_COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _MOST},
    epilog="""\b
Examples:
  grader status                        a student looks at what is done, and what is next
  grader check manual_jacobian         and checks an answer
  grader grade submitted               an instructor grades a class
  grader explain alice manual_jacobian and looks at one answer
  grader verify                        an author proves that the checks bite
""",
)
@click.option(
    "--course",
    type=click.Path(path_type=Path, file_okay=False),
    help="The course's folder [default: the outermost folder from here up with a course.yml].",
)
@click.option("-v", "--verbose", is_flag=True, help="Say on stderr what is done.")
@click.option("--debug", is_flag=True, help="Say everything, and end with the traceback where a message would do.")
@click.version_option(grader.__version__, prog_name="grader")
@click.pass_context
def command(context: click.Context, course: Path | None, *, verbose: bool, debug: bool) -> int:
    """Grade neural-network calculus. Student code runs apart and returns values, never verdicts.

    Without a command, in the folder that students get: `grader status`.
    """
    configure(verbose=verbose, debug=debug)
    context.meta[BEGUN], context.obj = context.obj, course
    return int(context.invoke(loaded(_ALONE))) if context.invoked_subcommand is None else 0
