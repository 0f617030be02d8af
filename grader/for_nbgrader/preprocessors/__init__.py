"""The steps that take the place of nbgrader's own, and what they make of a notebook's cells."""
