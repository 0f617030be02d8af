"""The grader beside others, on the same course, class and machine: `make peers`."""
