"""What is made of solutions/: stubs, answer keys and the students' tree. Imports `course` and `judging`."""
