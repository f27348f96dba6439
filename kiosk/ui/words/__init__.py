"""Every word a user reads or hears, in one table per language."""
