"""`nbgrader autograde` for a whole class in one process."""
