"""Where the kiosk keeps what it can make again."""

import os
from pathlib import Path


def cache_folder() -> Path | None:
    """In systemd's CacheDirectory, else in the user's own cache.

    Returns:
        The folder, which may not be there yet; None for a user without a home.
    """
    # systemd separates several folders by colons; the first is the unit's own
    if cache := os.environ.get("CACHE_DIRECTORY", "").split(":")[0]:
        return Path(cache)
    # the XDG base directory specification has relative paths ignored
    if (xdg := os.environ.get("XDG_CACHE_HOME", "")) and Path(xdg).is_absolute():
        return Path(xdg, "gym-mirror")
    try:
        return Path.home() / ".cache/gym-mirror"
    except RuntimeError:
        return None
