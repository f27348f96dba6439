"""Reads ``kiosk.toml``, which holds what one installation does differently from the defaults.

Every key is optional. An unknown key or an invalid value is an error; nothing is guessed.
"""

import json
import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field
from msgspec.structs import asdict

from kiosk.errors import SettingsError, locate_fault
from kiosk.system.pins import button_pin

PLACES = (Path("kiosk.toml"), Path("/etc/gym-mirror/kiosk.toml"))
"""Where settings are read from if no file is named, not even by $KIOSK_SETTINGS."""

Text = Annotated[str, Meta(min_length=1)]
BcmPin = Annotated[int, Meta(ge=0, le=27)]  # the 28 lines of the 40-pin header
Edge = Literal["bottom", "top", "left", "right"]
FramesPerSecond = Annotated[int, Meta(ge=1, le=120)]


class CameraSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The camera, or a film in its place.

    Attributes:
        source: "pi", "usb:0" (a number or a device path after the colon), or the path of a film.
        width, height: pixels asked of the camera.
        fps: frames a second asked of the camera.
    """

    source: Text = "pi"
    width: Annotated[int, Meta(ge=160, le=4608)] = 640
    height: Annotated[int, Meta(ge=120, le=3456)] = 480
    fps: FramesPerSecond = 30


class PoseSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The pose estimator.

    Attributes:
        model: a variant's name in the model manifest, or "auto".
        threads: of the interpreter; 0 means one fewer than there are cores.
    """

    model: Text = "auto"
    threads: Annotated[int, Meta(ge=0, le=64)] = 0


class CoachSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is coached.

    Attributes:
        exercise: id of the exercise chosen at start; empty means the first of the row.
        exercises: folder of the owner's own exercise files, beside those of the package.
        back_line: whether the contour of the back is read and judged.
    """

    exercise: str = ""
    exercises: str = ""
    back_line: bool = True


class ScreenSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The screen and what it shows.

    Attributes:
        width, height: pixels of the upright picture, as a user sees it.
        fullscreen: False opens a window.
        rotate: degrees clockwise by which the upright picture is turned for the panel.
        fps: pictures a second. A new pose is drawn at once and does not wait for the next of them,
            so that there are up to half as many more.
        language: of the words, shown and spoken: the name of a file in `kiosk/ui/words`.
        camera_picture: draws the camera's picture behind the figure, for a screen without mirror
            glass.
        path: how pictures reach the panel; see `kiosk.ui.screen.display`.
    """

    width: Annotated[int, Meta(ge=320, le=7680)] = 1080
    height: Annotated[int, Meta(ge=320, le=7680)] = 1920
    fullscreen: bool = True
    rotate: Literal[0, 90, 180, 270] = 0
    fps: FramesPerSecond = 30
    language: Text = "en"
    camera_picture: bool = False
    path: Literal["auto", "plain", "scaled"] = "auto"


class Pins(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """BCM numbers of the pins that the buttons pull to ground; by default those of the pin map."""

    exercise: BcmPin = field(default_factory=lambda: button_pin("exercise"))
    finish: BcmPin = field(default_factory=lambda: button_pin("finish"))
    history: BcmPin = field(default_factory=lambda: button_pin("history"))

    def __post_init__(self) -> None:
        users: dict[int, str] = {}
        for name, pin in asdict(self).items():
            if (other := users.setdefault(pin, name)) != name:
                raise ValueError(
                    f"pin {pin} is used twice, by {other} and by {name}; "
                    "give each button a pin of its own"
                )


class PanelSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The buttons.

    Attributes:
        kind: the keyboard, or buttons wired to GPIO pins.
        edge: of the upright picture, where the buttons sit: from left to right, or from top to
            bottom, they are exercise, finish, history.
        hold_s: seconds from which a press is a long one.
        debounce_s: seconds that a contact has to be stable to be accepted.
    """

    kind: Literal["keyboard", "gpio"] = "keyboard"
    edge: Edge = "bottom"
    pins: Pins = field(default_factory=Pins)
    hold_s: Annotated[float, Meta(ge=0.3, le=5.0)] = 0.8
    debounce_s: Annotated[float, Meta(ge=0.0, le=0.2)] = 0.03


class HistorySettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The folder of the history.

    Attributes:
        folder: empty means the service's state folder, or the user's; see `system.files`.
    """

    folder: str = ""


class SoundSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Tones and speech.

    Attributes:
        enabled: False opens no sound device.
        volume: at start, 0 to 1.
        voice: cues are spoken; False leaves only their chimes.
    """

    enabled: bool = True
    volume: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.7
    voice: bool = True


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All settings of an installation."""

    camera: CameraSettings = CameraSettings()
    pose: PoseSettings = PoseSettings()
    coach: CoachSettings = CoachSettings()
    screen: ScreenSettings = ScreenSettings()
    panel: PanelSettings = field(default_factory=PanelSettings)
    history: HistorySettings = HistorySettings()
    sound: SoundSettings = SoundSettings()


def load(path: Path | None) -> Settings:
    """Reads the settings.

    Without a path it takes the file that ``$KIOSK_SETTINGS`` names, else the first of `PLACES`
    that exists, else the defaults.

    Raises:
        SettingsError: a named file is missing, or a file cannot be read or is invalid.
    """
    found = find(path)
    return Settings() if found is None else checked(*found)


def find(path: Path | None) -> tuple[dict[str, Any], Path] | None:
    """Returns the contents of the settings file that `load` reads, and its path; None for no file.

    Raises:
        SettingsError: a named file is missing, or a file cannot be read or is no TOML.
    """
    if path is None and (named := os.environ.get("KIOSK_SETTINGS")):
        path = Path(named)
    for place in PLACES if path is None else (path,):
        try:
            return tomllib.loads(place.read_text(encoding="utf-8")), place
        except FileNotFoundError:
            continue
        except OSError as error:
            raise SettingsError(
                f"{place}: cannot be read ({error.strerror}); "
                "it must be a file that this user may read"
            ) from error
        except UnicodeDecodeError as error:
            raise SettingsError(f"{place}: not a text file in UTF-8; save it as UTF-8") from error
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{place}: not valid TOML: {error}") from error
    if path is not None:
        raise SettingsError(f"{path}: no such settings file; check the path")
    return None


def checked(tree: dict[str, Any], path: Path) -> Settings:
    """Converts a file's tables to settings.

    Raises:
        SettingsError: a key or a value is invalid; the message names the file and the key.
    """
    try:
        return msgspec.convert(tree, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {_explain(error, tree)}") from error


def _explain(error: msgspec.ValidationError, tree: dict[str, Any]) -> str:
    """Formats msgspec's error as the key, its value and what is allowed."""
    key, what = locate_fault(error)
    kind, value = msgspec.inspect.type_info(Settings), tree
    for part in key.split(".") if key else ():
        if part not in (known := _fields(kind)):
            close = get_close_matches(part, known, n=1)
            hint = f"did you mean {close[0]}? " if close else ""
            return f"{key} is an unknown key; {hint}known here: {', '.join(known)}"
        kind, value = known[part], value[part]
    # a message of `Pins` needs no explanation
    if not what.startswith(("Expected", "Invalid")):
        return f"{key}: {what}"
    return f"{key} = {_as_toml(value)} is not allowed; it must be {_allowed(kind)}"


def _fields(kind: msgspec.inspect.Type) -> dict[str, msgspec.inspect.Type]:
    assert isinstance(kind, msgspec.inspect.StructType)
    return {field.encode_name: field.type for field in kind.fields}


def _as_toml(value: object) -> str:
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return "a section" if isinstance(value, dict) else str(value)


def _allowed(kind: msgspec.inspect.Type) -> str:
    match kind:
        case msgspec.inspect.IntType(ge=low, le=high):
            return f"a whole number from {low} to {high}"
        case msgspec.inspect.FloatType(ge=low, le=high):
            return f"a number from {low} to {high}"
        case msgspec.inspect.BoolType():
            return "true or false"
        case msgspec.inspect.LiteralType(values=values):
            *most, last = map(_as_toml, values)
            return f"{', '.join(most)} or {last}"
        case msgspec.inspect.StructType():
            return f"a section with keys among: {', '.join(_fields(kind))}"
        case _:
            return f"text in quotes{', not empty' if getattr(kind, 'min_length', 0) else ''}"
