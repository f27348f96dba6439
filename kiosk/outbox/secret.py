"""Reads a password from where nobody else can read it."""

import os
import stat
from pathlib import Path

from kiosk.errors import SettingsError

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""The variable in which systemd names the folder of a unit's credentials."""
MOST_BYTES = 4096


def read_password(file: str, credential: str, setting: str) -> str | None:
    """Returns the password; None where there is none.

    Args:
        file: as configured; empty for the credential.
        credential: its name, as in LoadCredential= of the unit.
        setting: the key of the file in the settings, for the message.

    Raises:
        SettingsError: the file cannot be read, can be read by others, or holds no password. Nothing
            of its contents is in the message.
    """
    if file:
        return _read(Path(file).expanduser(), setting)
    folder = os.environ.get(CREDENTIALS)
    if not folder or not (path := Path(folder, credential)).exists():
        return None
    return _read(path, setting, guarded=True)


def _read(path: Path, setting: str, *, guarded: bool = False) -> str:
    """Reads the first line; `guarded` for a file that systemd keeps from others in its own way."""
    try:
        with path.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            content = opened.read(MOST_BYTES)
    except OSError as error:
        raise SettingsError(
            f"{setting}: {path} cannot be read ({error.strerror}); "
            "make it a file that only the user who sends can read"
        ) from error
    if not guarded and mode & 0o077:
        raise SettingsError(
            f"{setting}: {path} can be read by others (mode {mode:04o}); run: chmod 600 {path}"
        )
    try:
        password = content.decode("utf-8").splitlines()[0]
    except (UnicodeDecodeError, IndexError) as error:
        # without the error's text, which would quote the password
        kind = "is empty" if isinstance(error, IndexError) else "is no text in UTF-8"
        raise SettingsError(
            f"{setting}: {path} {kind}; write the password into it, in one line"
        ) from None
    return password
