"""What was handed in, found and read as text: nothing in it is trusted, or run. Imports `course` and `judging`."""
