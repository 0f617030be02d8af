"""What a grading run leaves behind: reports, grades.csv and feedback pages. Imports `course` and `judging`."""
