"""Single things on the screen, one per file."""
