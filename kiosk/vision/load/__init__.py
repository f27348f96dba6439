"""Sees whether a load was picked up from the floor or set down on it."""
