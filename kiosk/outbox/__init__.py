"""Sends stored sets, and how the mirror is, to where its owner wants them."""
