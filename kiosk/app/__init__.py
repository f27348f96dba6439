"""The running mirror: builds the parts, runs the threads, answers presses."""
