"""What the user sees, hears and presses."""
