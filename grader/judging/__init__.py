"""From outcomes to verdicts, points and diagnoses, without any I/O. Imports `wire`."""
