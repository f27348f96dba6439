"""Reads a password from where nobody else can read it."""

import os
import stat
from pathlib import Path

from kiosk.errors import SettingsError

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""The variable in which systemd names the folder of a unit's credentials."""
STORE = Path("/etc/credstore")
"""Where systemd takes them from. Root, who tries the outbox's settings, reads them here."""
MOST_BYTES = 4096


def read_password(file: str, credential: str, setting: str) -> str | None:
    """Returns the password; None where there is none.

    Args:
        file: as configured: a file with the password alone, in one line, which only its owner may
            read; empty for the credential.
        credential: its name, as in LoadCredential= of the unit.
        setting: the key of the file in the settings, for the message.

    Raises:
        SettingsError: the file cannot be read, can be read by others, or holds no password. Nothing
            of its contents is in the message.
    """
    if file:
        return _read(Path(file).expanduser(), setting)
    folder = os.environ.get(CREDENTIALS)
    path = Path(folder or STORE, credential)
    if not (path.exists() if folder else os.access(path, os.R_OK)):
        return None
    return _read(path, setting, guarded=True)


def _read(path: Path, setting: str, *, guarded: bool = False) -> str:
    """Reads a file; `guarded` for one that systemd keeps from others in its own way."""
    try:
        with path.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise SettingsError(
            f"{setting}: {path} cannot be read ({error.strerror}); "
            "make it a file that only the user who sends can read"
        ) from error
    if not guarded and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(
            f"{setting}: {path} can be read by others (mode {mode:04o}); run: chmod 600 {path}"
        )
    try:
        password = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        password = ""
    if not password or len(content) > MOST_BYTES or not password.isprintable():
        raise SettingsError(
            f"{setting}: {path} holds no password; write the password into it, in one line"
        )
    return password
