"""What runs beside student code: locks itself, runs programs, sends back values. Imports `wire` alone."""
