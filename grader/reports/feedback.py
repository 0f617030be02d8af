"""The page that a student gets: claims, verdicts and diagnoses, everything escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judging.verdicts import UNJUDGED
from grader.reports.pages import template

if TYPE_CHECKING:
    from grader.reports.report import Report

__all__ = ["feedback_page"]


def feedback_page(report: Report) -> str:
    """An HTML page for a report."""
    return template("grader.reports", "feedback.html").render(report=report, unjudged=UNJUDGED)
