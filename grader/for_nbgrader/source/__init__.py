"""The course's exercises as nbgrader's source notebooks."""
