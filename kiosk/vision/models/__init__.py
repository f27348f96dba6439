"""Model files: which there are, where they come from, and the interpreter that runs them."""
