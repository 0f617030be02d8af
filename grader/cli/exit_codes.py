"""What the command leaves with; README.md says what each means."""

__all__ = ["EXIT_FAULT", "EXIT_INTERRUPTED", "EXIT_USAGE"]

EXIT_FAULT, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130
