"""Grade neural-network calculus: student code is run apart and returns values, never verdicts."""

from grader.course.checks import check, derivative_of, misconception, oracle

__all__ = ["check", "derivative_of", "misconception", "oracle"]
__version__ = "0.1.0"
