"""The folders that the mirror writes to: systemd's, else those of the XDG specification."""

import os
from pathlib import Path

from kiosk.errors import SettingsError

NAME = "gym-mirror"


def history_folder(configured: str) -> Path:
    """The folder of the history: as configured, else the service's state folder, else the user's.

    Raises:
        SettingsError: none is configured and the user has no home folder.
    """
    try:
        if configured:
            return Path(configured).expanduser()
        return _folder("STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state")
    except RuntimeError as error:
        raise SettingsError(
            "history.folder: there is no home folder to keep the history in; "
            "set history.folder in kiosk.toml to an absolute path"
        ) from error


def cache_folder() -> Path | None:
    """The folder for what can be made again; it may not exist yet. None for a user without a home.

    The service's cache folder, else the user's.
    """
    try:
        return _folder("CACHE_DIRECTORY", "XDG_CACHE_HOME", ".cache")
    except RuntimeError:
        return None


def _folder(systemd_variable: str, xdg_variable: str, in_home: str) -> Path:
    """Raises RuntimeError where the user has no home folder."""
    # systemd separates several folders by colons; the first is the unit's own
    if own := os.environ.get(systemd_variable, "").split(":")[0]:
        return Path(own)
    # the XDG base directory specification has relative paths ignored
    if (xdg := os.environ.get(xdg_variable, "")) and Path(xdg).is_absolute():
        return Path(xdg, NAME)
    return Path.home() / in_home / NAME
