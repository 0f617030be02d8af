"""The documented names of `grader.for_nbgrader`, where the integration is."""

from grader.for_nbgrader.configure import configure

__all__ = ["configure"]
