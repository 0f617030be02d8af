"""`grader publish`: from now on students may see what the checks of an assignment keep until then."""

from __future__ import annotations

import click

from grader.cli.common import whole_course
from grader.cli.recorded import record_of, record_option
from grader.record.decisions import PUBLISH, published

__all__ = ["publish"]


@click.command(
    epilog="""\b
Examples:
  grader publish backprop && grader feedback
  grader publish backprop --withdraw && grader feedback
"""
)
@click.argument("assignment")
@click.option("--why", default="", help="What the record says of it.")
@click.option("--withdraw", is_flag=True, help="Take it back.")
@record_option
@click.pass_context
def publish(context: click.Context, assignment: str, *, why: str, withdraw: bool, db: str | None) -> int:
    """Publish the results of ASSIGNMENT: a row of the record. `grader feedback` then writes the pages again."""
    course = whole_course(context)
    course.assignment(assignment)
    with record_of(course, db) as record:
        at = published(record.acts()).get(assignment)
        if bool(at) is not withdraw:
            click.echo(f"{assignment} was published {at} already" if at else f"{assignment} is not published")
            return 0
        record.act(PUBLISH, why, {"assignment": assignment, "withdrawn": withdraw})
    click.echo(
        f"{assignment} is {'not ' * withdraw}published{' any more' * withdraw}; write the pages again with `grader feedback`"
    )
    return 0
