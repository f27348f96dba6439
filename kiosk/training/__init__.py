"""Who trains, with which load, towards which target, and how long since the last set. Pure."""
