"""Single things on the screen, one a file."""
