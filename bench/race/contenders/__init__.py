"""One file for each engine in the race."""
