"""Buttons and keyboard, turned into presses."""
