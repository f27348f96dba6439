"""The screen: drawn from snapshots at the display's own rate."""
