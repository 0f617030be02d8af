"""The gradebook: what was handed in and what came of it, in one database for a course, appended and never changed."""
