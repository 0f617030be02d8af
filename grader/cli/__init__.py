"""The `grader` command: a module for each command, imported when it is called. Imports all rooms but those for nbgrader."""
