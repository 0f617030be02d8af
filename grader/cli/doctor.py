"""`grader doctor`: how well this machine isolates."""

from __future__ import annotations

import click

from grader.cli.common import json_option, print_json
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.screen import console
from grader.cli.terminal import layer_table
from grader.grading.pool import Pool
from grader.sandbox.layers import LAYERS, missing

__all__ = ["doctor"]


@click.command()
@json_option
def doctor(*, as_json: bool) -> int:
    """Show which layers of isolation this machine offers, and how to get the others.

    Exit code 1 where the baseline that grading needs is not met.
    """
    with Pool() as pool:
        active = pool.start()
    lacking = missing(active)
    if as_json:
        print_json({"active": active, "missing_baseline": lacking})
    else:
        console().print(layer_table(LAYERS, active))
        verdict = f"grading refuses here: {', '.join(lacking)} missing" if lacking else "grading is isolated here"
        console().print(verdict)
    return EXIT_FAULT if lacking else 0
