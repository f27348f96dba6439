"""The whole mirror on a packaged recording."""
