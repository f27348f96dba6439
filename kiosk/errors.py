"""Defines every error that the kiosk raises on purpose, and converts errors of libraries.

Each message names the thing, the place and the remedy, in one line. The command line prints it and
leaves with exit code 2; a running kiosk shows it and retries.
"""

import contextlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

LONGEST_MESSAGE = 1000
"""Characters of a message. The longest that the kiosk composes by itself, the list of all keys of a
section, has 300; what is longer quotes a damaged file, and a terminal shows it on twelve lines."""
MOST_TOML_BYTES = 256 * 1024
"""Ten times the longest file that ships with the kiosk, and read in a tenth of a second."""
MOST_TOML_LEVELS = 16
"""Tables and lists within each other; an exercise file has five."""
_INT64 = range(-(2**63), 2**63)  # what TOML grants


class KioskError(Exception):
    """A fault that the kiosk can name and a person can repair.

    Its text is one line, whatever was quoted in it: no file can forge a second one.
    """

    def __str__(self) -> str:
        return one_line(super().__str__())


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


class FrameError(KioskError, ValueError):
    """One frame, or what the model made of it, that cannot be used; the next one may."""


class HistoryError(KioskError, OSError):
    """A history that cannot be opened, read or written."""


class PanelError(KioskError, OSError):
    """Buttons that cannot be opened."""


class DisplayError(KioskError, OSError):
    """A screen that cannot be opened."""


def one_line(text: str) -> str:
    """Escapes all that a terminal does not show as a character, and shortens what nobody reads."""
    shown = "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )
    if len(shown) <= LONGEST_MESSAGE:
        return shown
    # the place stands at the beginning, and the remedy at the end
    half = LONGEST_MESSAGE // 2
    return f"{shown[:half]} … {shown[-half + 3 :]}"


def read_toml(
    path: Path | Traversable, kind: type[KioskError], remedy: str, name: str | None = None
) -> dict[str, Any]:
    """Reads a TOML file that anybody may have written or damaged.

    Args:
        path: the file. Whoever wants to go on where there is none asks the error's cause for
            `FileNotFoundError`.
        kind: what to raise.
        remedy: what to do about a file that cannot be used.
        name: of the file in the message, where the path says too much.

    Raises:
        KioskError: of the kind: no such file, or one that is too long, no text in UTF-8, or no
            TOML; or it is nested, or holds whole numbers, beyond what any file of the kiosk needs.
    """
    name = name or str(path)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_TOML_BYTES + 1)
    except OSError as error:
        raise kind(f"{name}: cannot be read ({error.strerror}); {remedy}") from error
    if len(content) > MOST_TOML_BYTES:
        raise kind(f"{name}: longer than {MOST_TOML_BYTES // 1024} kB; {remedy}")
    try:
        tree = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise kind(f"{name}: not a text file in UTF-8; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise kind(f"{name}: not valid TOML: {error}; {remedy}") from error
    except RecursionError as error:
        raise kind(f"{name}: not valid TOML: nested too deeply; {remedy}") from error
    except ValueError as error:  # Python's own, of a number with more than 4300 digits
        raise kind(f"{name}: not valid TOML: a number is too long; {remedy}") from error
    if fault := _excess(tree):
        raise kind(f"{name}: {fault}; {remedy}")
    return tree


def _excess(tree: dict[str, Any]) -> str | None:
    """Reports what would overflow in whoever works on the tree, before anybody does."""
    level: list[Iterable[Any]] = [tree.values()]
    for _ in range(MOST_TOML_LEVELS):
        parts = [part for holder in level for part in holder]
        if any(isinstance(part, int) and part not in _INT64 for part in parts):
            return "holds a whole number of more than 64 bits"
        level = [part.values() for part in parts if isinstance(part, dict)]
        level += [part for part in parts if isinstance(part, list)]
        if not level:
            return None
    return "nested too deeply"


def locate_fault(error: Exception) -> tuple[str, str]:
    """Splits msgspec's "Expected … - at `$.rep.bottom_deg`" into the key and its fault."""
    # the last place: a key or a value of the file, quoted before it, may hold such words as well
    split = re.fullmatch(r"(.*) - at (?:`key` in )?`\$([^`]*)`", str(error), re.DOTALL)
    what, where = split.groups() if split else (str(error), "")
    key = re.sub(r"\[.*?\]", "", where).strip(".")
    lacks_or_has = r"Object (missing required|contains unknown) field `(.*)`"
    if field := re.fullmatch(lacks_or_has, what, re.DOTALL):
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
