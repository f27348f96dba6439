"""Defines every error that the kiosk raises on purpose, and converts errors of libraries.

Each message names the thing, the place and the remedy, in one line. The command line prints it and
leaves with exit code 2; a running kiosk shows it and retries.
"""

import contextlib
import re
from collections.abc import Iterator


class KioskError(Exception):
    """A fault that the kiosk can name and a person can repair."""


class BadInputError(KioskError, ValueError):
    """A file, an option or an argument that cannot be used as it is."""


class SettingsError(BadInputError):
    """A settings file with an unknown key, a wrong type or a contradiction."""


class ExerciseError(BadInputError):
    """An unknown exercise, or an exercise file that is invalid."""


class SourceError(BadInputError):
    """A video or a pose trace that is missing, damaged or of another kind."""


class ModelError(BadInputError):
    """A model file that is missing, damaged or not the expected one."""


class RuntimeMissingError(ModelError):
    """No runtime for models can be imported."""


class CameraError(KioskError, OSError):
    """A camera that is absent, lost or hanging; worth another try later."""


class HistoryError(KioskError, OSError):
    """A history that cannot be opened, read or written."""


class PanelError(KioskError, OSError):
    """Buttons that cannot be opened."""


class DisplayError(KioskError, OSError):
    """A screen that cannot be opened."""


def locate_fault(error: Exception) -> tuple[str, str]:
    """Splits msgspec's "Expected … - at `$.rep.bottom_deg`" into the key and its fault."""
    what, _, where = str(error).partition(" - at ")
    key = re.sub(r"\[.*?\]", "", where.rpartition("$")[2].rstrip("`")).strip(".")
    if field := re.fullmatch(r"Object (missing required|contains unknown) field `(.*)`", what):
        what = "is missing" if field[1] == "missing required" else "is an unknown key"
        key = f"{key}.{field[2]}".strip(".")
    return key, what


@contextlib.contextmanager
def os_errors_as(kind: type[KioskError], fault: str, remedy: str) -> Iterator[None]:
    """Raises an `OSError` of the block as the given kind: "fault (the system's reason); remedy"."""
    try:
        yield
    except OSError as error:
        raise kind(f"{fault} ({error.strerror}); {remedy}") from error
