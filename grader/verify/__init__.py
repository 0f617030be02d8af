"""Proving that an exercise's checks tell right from wrong. Imports `grading` and all rooms below."""
