"""`python -m grader.cli` is the command `grader`."""

from grader.cli.start import start

start()
