"""Running student code from the trusted side: limits, layers of isolation, workers and their children. Imports `wire`."""
