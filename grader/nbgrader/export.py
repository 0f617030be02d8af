"""The documented name of the exporter: `nbgrader export --exporter=grader.nbgrader.export.QuotedCsv`."""

from grader.for_nbgrader.gradebook.quoted_csv import QuotedCsv

__all__ = ["QuotedCsv"]
