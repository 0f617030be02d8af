"""The commands of `grader nbgrader`, one module each."""
