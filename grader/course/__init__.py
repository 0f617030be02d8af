"""The course: course.yml as frozen types, and what an author declares. Imports `sandbox`, for its limits alone."""
