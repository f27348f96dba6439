"""The coach: bodies in, reps, verdicts and the walk-up session out. Pure."""
