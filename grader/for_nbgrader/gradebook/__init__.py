"""nbgrader's gradebook.db: opened, read as plain data, written into from reports, exported."""
