"""The panel: buttons under the mirror, or a keyboard, as the same events."""
