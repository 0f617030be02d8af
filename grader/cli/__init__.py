"""The `grader` command: what can be asked, and how it is shown. Imports all rooms but those for nbgrader."""
