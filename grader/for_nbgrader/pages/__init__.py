"""What nbgrader shows of a student's notebook, in feedback and in formgrader: nothing of it runs."""
