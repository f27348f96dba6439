"""The history: every set, kept on the device in one SQLite file."""
