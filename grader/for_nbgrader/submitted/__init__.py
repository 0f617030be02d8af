"""What was handed in, found and read for both ways of grading: nothing is followed, held up or flooded by it."""
