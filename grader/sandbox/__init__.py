"""Running student code from the trusted side: limits, layers, workers and their children. Imports `wire`."""
