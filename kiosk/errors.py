"""Defines every error that the kiosk raises on purpose, and checks what people write in TOML.

Each message names the thing, the place and the remedy, in one line. The command line prints it and
leaves with exit code 2; a running kiosk shows it and retries.
"""

import contextlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

LONGEST_MESSAGE = 1000
"""Characters of a message. The longest that the kiosk composes by itself, the list of all keys of a
section, has 300; what is longer quotes a damaged file, and a terminal shows it on twelve lines."""
MOST_TOML_BYTES = 256 * 1024
"""Ten times the longest file that ships with the kiosk, and read in a tenth of a second."""
MOST_TOML_LEVELS = 16
"""Tables and lists within each other; an exercise file has five."""
T = TypeVar("T")
_BARE_KEY = re.compile(r"[\w-]+", re.ASCII)
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


class ProgrammeError(BadInputError):
    """A coach's programme with an unknown exercise or place, or a plan that cannot be."""


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


class DatabaseError(KioskError, OSError):
    """A server's database that cannot be reached or used, or that is of another version."""


class OutboxError(KioskError, OSError):
    """A database that sets cannot be sent to now; worth another try later."""


class TargetError(OutboxError, BadInputError):
    """A target of sets that somebody has to put right first."""


class PanelError(KioskError, OSError):
    """Buttons or a tag reader that cannot be opened."""


class HomeError(KioskError, OSError):
    """A broker of Home Assistant that cannot be reached, or does not let the mirror in."""


class StickError(KioskError, OSError):
    """A USB stick that cannot be mounted or written."""


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


def convert_toml(
    tree: object, target: type[T], kind: type[KioskError], name: str, section: str = ""
) -> T:
    """Converts what a person wrote by hand to a type, and says in one line what is wrong.

    Args:
        tree: what `read_toml` returned, or a part of it.
        target: a struct, or a dict of anything.
        kind: what to raise.
        name: of the file in the message.
        section: where in the file the part stands: its keys, with a dot behind each.

    Raises:
        KioskError: of the kind: an unknown key, with what it may have been meant to be; or a value
            that is not allowed, with what is.
    """
    structure = msgspec.inspect.type_info(target)
    whole = isinstance(tree, dict) and isinstance(structure, msgspec.inspect.StructType)
    if whole and (unknown := _unknown(tree, structure, section)):
        raise kind(f"{name}: {unknown}")
    try:
        return msgspec.convert(tree, target)
    except msgspec.ValidationError as error:
        raise kind(f"{name}: {_explain(error, tree, structure, section)}") from error


def unknown_key(key: str, known: Iterable[str], section: str = "") -> str | None:
    """Returns what is wrong with a key that is none of the known ones; None for one of them."""
    names = list(known)
    if key in names:
        return None
    close = get_close_matches(key, names, n=1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"{section}{as_key(key)} is an unknown key; {hint}known here: {', '.join(names)}"


def as_key(key: str) -> str:
    """Formats a key as TOML writes it."""
    return key if _BARE_KEY.fullmatch(key) else json.dumps(key)


def as_toml(value: object) -> str:
    """Formats a value as TOML writes it; a table is called a section."""
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    return "a section" if isinstance(value, dict) else str(value)


def _unknown(tree: Any, kind: msgspec.inspect.Type, section: str) -> str | None:
    """Reports the first unknown key; None without one.

    Keys are compared here and not read from msgspec's message, which an odd key can mislead.
    """
    known = _fields(kind)
    for key, value in tree.items():
        if unknown := unknown_key(key, known, section):
            return unknown
        below = known[key]
        if isinstance(value, dict) and isinstance(below, msgspec.inspect.StructType):
            found = _unknown(value, below, f"{section}{key}.")
            if found:
                return found
    return None


def _explain(
    error: msgspec.ValidationError, tree: object, kind: msgspec.inspect.Type, section: str
) -> str:
    """Formats msgspec's error about a known key as the key, its value and what is allowed."""
    key, what = locate_fault(error)
    place = (section + key).strip(".")
    # a message of a section's own needs no explanation, nor does a key that is missing
    if not what.startswith(("Expected", "Invalid")):
        return f"{place}: {what}"
    value: Any = tree
    for part in filter(None, key.split(".")):
        kind, value = _fields(kind)[part], value[part]
    return f"{place} = {as_toml(value)} is not allowed; it must be {_allowed(kind)}"


def _fields(kind: msgspec.inspect.Type) -> dict[str, msgspec.inspect.Type]:
    assert isinstance(kind, msgspec.inspect.StructType)
    return {field.encode_name: field.type for field in kind.fields}


def _allowed(kind: msgspec.inspect.Type) -> str:
    match kind:
        case msgspec.inspect.IntType(ge=low, le=high):
            return f"a whole number from {low} to {high}"
        case msgspec.inspect.FloatType(ge=low, le=high):
            return f"a number from {low} to {high}"
        case msgspec.inspect.BoolType():
            return "true or false"
        case msgspec.inspect.LiteralType(values=values):
            *most, last = map(as_toml, values)
            return f"{', '.join(most)} or {last}"
        case msgspec.inspect.StructType() | msgspec.inspect.DictType():
            known = isinstance(kind, msgspec.inspect.StructType)
            return "a section" + (f" with keys among: {', '.join(_fields(kind))}" if known else "")
        case _:
            text = getattr(kind, "item_type", kind)
            each = "" if text is kind else "a list in brackets, each part "
            empty = ", not empty" if getattr(text, "min_length", 0) else ""
            return f"{each}text in quotes{empty}, in one line of at most 1000 characters"


@contextlib.contextmanager
def os_errors_as(kind: type[KioskError], fault: str, remedy: str) -> Iterator[None]:
    """Raises an `OSError` of the block as the given kind: "fault (the system's reason); remedy"."""
    try:
        yield
    except OSError as error:
        raise kind(f"{fault} ({error.strerror}); {remedy}") from error
