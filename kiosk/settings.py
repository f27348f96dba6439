"""Reads ``kiosk.toml``, which holds what one installation does differently from the defaults.

Every key is optional. An unknown key or an invalid value is an error; nothing is guessed.

What somebody chooses with the buttons stands in a file of its own, `CHOSEN`, and counts instead of
what ``kiosk.toml`` says. That one is root's, in a folder that the mirror's unit cannot write, and
must stay so: it names folders and files that root's own commands open, so whoever could write it
could lead root anywhere. `CHOSEN` is the mirror's, lies beside the history, which survives every
upgrade and a read-only system, and holds only keys that name no file: see `CHOOSABLE`.
"""

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct, field
from msgspec.structs import asdict, replace

from kiosk.errors import SettingsError, as_toml, convert_toml, read_toml
from kiosk.system.files import SERVICE_FOLDERS, history_folder
from kiosk.system.pins import button_pin

INSTALLED = Path("/etc/gym-mirror/kiosk.toml")
PLACES = (Path("kiosk.toml"), INSTALLED)
"""Where settings are read from if no file is named, not even by $KIOSK_SETTINGS. Root does not read
the one in the current folder, which anybody may have put there."""

TAG_READERS = PurePosixPath("/dev/input/by-id")
"""Where udev names each input device by what it is, whichever port it is plugged into."""

REMEDY = "mend the file or take it away"

CHOSEN = "chosen.toml"
"""What was chosen with the buttons, beside the history of a mirror that has no other folder."""
CHOOSABLE: Mapping[str, tuple[str, ...]] = {
    "camera": ("rotate",),
    "screen": ("language", "rotate"),
    "panel": ("edge", "reversed"),
    "sound": ("volume",),
    "training": ("unit", "rest"),
    "coach": ("exercise",),
    "lifters": ("places", "tags"),
    "outbox": ("enabled",),
}
"""All that may be chosen: sections and keys. None of them names a file, a folder or an address."""
Choices = Mapping[tuple[str, str], str | int | float | bool]
"""What was chosen, by section and key."""

# a control character belongs to no path and no name, and a NUL can be handed to no system call
Text = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
MaybeText = Annotated[str, Meta(max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
BcmPin = Annotated[int, Meta(ge=0, le=27)]  # the 28 lines of the 40-pin header
Edge = Literal["bottom", "top", "left", "right"]
FramesPerSecond = Annotated[int, Meta(ge=1, le=120)]
Command = Annotated[tuple[Text, ...], Meta(max_length=50)]


class MirrorSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """This mirror among others.

    Attributes:
        name: what it is called in the database, in Home Assistant and on a stick; empty means the
            machine's name.
        set_up: asks at the start for what is chosen with the buttons, and looks at the camera,
            until somebody has answered or skipped it once. The installer's own file asks; a file
            of before, or none, does not.
    """

    name: MaybeText = ""
    set_up: bool = False


class CameraSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The camera, or a film in its place.

    Attributes:
        source: "pi" or "pi:1", "usb:0", a path below /dev, or the path of a film.
        width, height: pixels asked of the camera, before it is turned.
        fps: frames a second asked of the camera.
        rotate: degrees clockwise by which its pictures, or those of a film, are turned.
    """

    source: Text = "pi"
    width: Annotated[int, Meta(ge=160, le=4608)] = 640
    height: Annotated[int, Meta(ge=120, le=3456)] = 480
    fps: FramesPerSecond = 30
    rotate: Literal[0, 90, 180, 270] = 0


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

    exercise: MaybeText = ""
    exercises: MaybeText = ""
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
        off_after_min: minutes without anybody after which the picture goes black; 0 for never.
        off_command, on_command: program and arguments that switch the panel then, and when somebody
            comes; empty for none. Run without a shell.
        clock: shows the time while nobody is there.
    """

    width: Annotated[int, Meta(ge=320, le=7680)] = 1080
    height: Annotated[int, Meta(ge=320, le=7680)] = 1920
    fullscreen: bool = True
    rotate: Literal[0, 90, 180, 270] = 0
    fps: FramesPerSecond = 30
    language: Text = "en"
    camera_picture: bool = False
    path: Literal["auto", "plain", "scaled"] = "auto"
    off_after_min: Annotated[int, Meta(ge=0, le=1440)] = 10
    off_command: Command = ()
    on_command: Command = ()
    clock: bool = False

    def __post_init__(self) -> None:
        if self.off_command and not self.on_command:
            raise ValueError("off_command needs on_command, or the panel would stay off; name both")


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
        keyboard: beside GPIO buttons the keys of a keyboard work too, also those that end the
            mirror. Without GPIO buttons they always do.
        edge: of the upright picture, where the buttons sit: from left to right, or from top to
            bottom, they are exercise, finish, history.
        reversed: they sit there the other way round: history, finish, exercise.
        hold_s: seconds from which a press is a long one.
        debounce_s: seconds that a contact has to be stable to be accepted.
    """

    kind: Literal["keyboard", "gpio"] = "keyboard"
    edge: Edge = "bottom"
    pins: Pins = field(default_factory=Pins)
    hold_s: Annotated[float, Meta(ge=0.3, le=5.0)] = 0.8
    debounce_s: Annotated[float, Meta(ge=0.0, le=0.2)] = 0.03
    keyboard: bool = False
    reversed: bool = False


class HistorySettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The folder of the history.

    Attributes:
        folder: empty means the service's state folder, or the user's; see `system.files`.
    """

    folder: MaybeText = ""


class LifterSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who trains.

    Attributes:
        places: how many lifters have one of their own, with a colour and an animal; 0 leaves only
            guests.
        tags: whether a tag that is held to the reader chooses the place.
        tag_reader: the reader, which types like a keyboard: its path below `TAG_READERS`.
    """

    places: Annotated[int, Meta(ge=0, le=8)] = 8
    tags: bool = False
    tag_reader: MaybeText = ""

    def __post_init__(self) -> None:
        path = PurePosixPath(self.tag_reader)
        if self.tag_reader and (path.parent != TAG_READERS or path.name == ".."):
            raise ValueError(
                f"tag_reader = {as_toml(self.tag_reader)} is not allowed; it must be a path "
                f"below {TAG_READERS}, where `ls {TAG_READERS}` shows the reader"
            )
        if self.tags and not self.tag_reader:
            raise ValueError(
                f"tags need tag_reader, the reader's path below {TAG_READERS}; "
                "name it, or set tags to false"
            )
        if self.tags and not self.places:
            raise ValueError("tags need places; give places 1 to 8, or set tags to false")


class TrainingSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What surrounds the sets.

    Attributes:
        rest: how the rest between two sets is timed: what is left of it, or how long it has lasted.
        unit: of loads, shown and entered.
        programme: the file in which a coach plans reps, sets and rest; empty for none.
    """

    rest: Literal["down", "up", "off"] = "down"
    unit: Literal["kg", "lb"] = "kg"
    programme: MaybeText = ""


class SoundSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Tones and speech.

    Attributes:
        enabled: False opens no sound device.
        device: a part of the sound card's name, or an ALSA device such as "plughw:CARD=MAX98357A";
            empty means the system's default, which on a Pi 5 is HDMI.
        volume: at start, 0 to 1.
        voice: cues are spoken; False leaves only their chimes.
        pack: folder of the owner's own sound files, one for each cue; see `kiosk.ui.sound.pack`.
        slowing: it is said once a set that the reps become slower, where cues are spoken.
    """

    enabled: bool = True
    volume: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.7
    voice: bool = True
    pack: MaybeText = ""
    slowing: bool = False
    device: str = ""


class OutboxSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The database that sets are sent to, by a program of its own; see `kiosk.outbox`.

    Attributes:
        enabled: False sends nothing to it, nor to Home Assistant, until it is True again; the
            outbox follows within seconds.
        target: postgresql://USER@HOST:PORT/DATABASE; empty sends nothing.
        password_file: as `kiosk.outbox.secret` reads it; empty takes the credential
            outbox-password, if any.
        tls: how the server proves who it is. "off" encrypts nothing either.
        ca_file: certificates that the server's is to be signed by; empty takes the system's.
        rate: most sets a second.
        gym: where the mirror stands.
    """

    enabled: bool = True
    target: MaybeText = ""
    password_file: MaybeText = ""
    tls: Literal["verify-full", "verify-ca", "off"] = "verify-full"
    ca_file: MaybeText = ""
    rate: Annotated[float, Meta(ge=0.1, le=10_000.0)] = 20.0
    gym: MaybeText = ""

    def __post_init__(self) -> None:
        if self.target and (fault := _target_fault(self.target)):
            raise ValueError(f"target {fault}")


def _target_fault(target: str) -> str | None:
    """Says what is wrong with a target, without quoting it: it may hold a password."""
    example = "write postgresql://USER@HOST/DATABASE"
    try:
        parts = urlsplit(target)
        _ = parts.port
    except ValueError:
        return f"is no address; {example}"
    if parts.password is not None:
        return (
            "holds a password, and settings are read by everybody; take it out and put it into the "
            "file that password_file names"
        )
    if parts.scheme not in {"postgresql", "postgres"}:
        return f"is not allowed; {example}"
    if not parts.hostname or not parts.path.strip("/"):
        return f"names no {'database' if parts.hostname else 'host'}; {example}"
    if parts.query or parts.fragment:
        return "has options behind a ? or #; take them out and use tls and ca_file"
    return None


class HomeSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Home Assistant, over MQTT. It is sent by the outbox, and never by the mirror itself.

    Attributes:
        broker: name or address of the MQTT broker; empty sends nothing.
        port: 0 means 8883 with TLS, and 1883 without.
        tls: whether the broker has to prove who it is, and nobody can read along.
        ca_file: file of the certificates that are trusted; empty means the system's.
        user: of the broker; empty for none.
        password_file: as `kiosk.outbox.secret` reads it; empty takes the credential home-password,
            if any.
        discovery: prefix of the topics that Home Assistant discovers devices by.
        with_lifter: whether the place of the last set's lifter, and its load, are sent too.
    """

    broker: MaybeText = ""
    port: Annotated[int, Meta(ge=0, le=65535)] = 0
    tls: bool = True
    ca_file: MaybeText = ""
    user: MaybeText = ""
    password_file: MaybeText = ""
    discovery: Annotated[str, Meta(max_length=100, pattern=r"^[A-Za-z0-9_/-]+\Z")] = "homeassistant"
    with_lifter: bool = False


class StickSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A USB stick that is plugged in.

    Attributes:
        enabled: whether it receives the sets of the day, in a folder named after the mirror.
    """

    enabled: bool = False


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All settings of an installation."""

    mirror: MirrorSettings = MirrorSettings()
    camera: CameraSettings = CameraSettings()
    pose: PoseSettings = PoseSettings()
    coach: CoachSettings = CoachSettings()
    screen: ScreenSettings = ScreenSettings()
    panel: PanelSettings = field(default_factory=PanelSettings)
    history: HistorySettings = HistorySettings()
    lifters: LifterSettings = LifterSettings()
    training: TrainingSettings = TrainingSettings()
    sound: SoundSettings = SoundSettings()
    outbox: OutboxSettings = OutboxSettings()
    home: HomeSettings = HomeSettings()
    stick: StickSettings = StickSettings()

    def with_choices(self, choices: Choices) -> "Settings":
        """Returns these settings with what was chosen, which must be allowed, in their place."""
        changed = {}
        for name in {section for section, _ in choices}:
            # all keys of a section at once: two of them may only be allowed together
            keys = {key: value for (section, key), value in choices.items() if section == name}
            changed[name] = replace(getattr(self, name), **keys)
        return replace(self, **changed)


def load(path: Path | None, *, needs_chosen: bool = False) -> Settings:
    """Reads the settings.

    Without a path it takes the file that ``$KIOSK_SETTINGS`` names, else the first of `PLACES`
    that exists, else the defaults. What was chosen with the buttons comes on top; whoever may not
    read that does without it, unless it is needed.

    Raises:
        SettingsError: a named file is missing, or a file cannot be read or is invalid.
    """
    found = find(path)
    tree, place = found or ({}, None)
    settings = Settings() if found is None else checked(*found)
    try:
        chosen, file = find_chosen(place)
    except SettingsError as error:
        # whoever has no home has chosen nothing; whoever may not look into the service's folder
        # asks about the rest, and the doctor tells them
        if not needs_chosen and isinstance(error.__cause__, PermissionError | RuntimeError):
            return settings
        raise
    return checked(merged(tree, chosen), file) if chosen else settings


def find(path: Path | None) -> tuple[dict[str, Any], Path] | None:
    """Returns the contents of the settings file that `load` reads, and its path; None for no file.

    Raises:
        SettingsError: a named file is missing, or a file cannot be read or is no TOML.
    """
    if path is None and (named := os.environ.get("KIOSK_SETTINGS")):
        path = Path(named)
    trusted = (place for place in PLACES if place.is_absolute() or os.geteuid() != 0)
    for place in trusted if path is None else (path,):
        try:
            return read_toml(place, SettingsError, REMEDY), place
        except SettingsError as error:
            if not isinstance(error.__cause__, FileNotFoundError):
                raise
    if path is not None:
        raise SettingsError(f"{path}: no such settings file; check the path")
    return None


def chosen_file(place: Path | None) -> Path:
    """Returns where what is chosen stands, for the settings file at `place`; None for no file.

    It need not exist. Of an installed mirror it is the service's, whoever asks.

    Raises:
        SettingsError: the user has no home folder.
    """
    return (SERVICE_FOLDERS[0] if place == INSTALLED else history_folder("")) / CHOSEN


def find_chosen(place: Path | None) -> tuple[dict[str, Any], Path]:
    """Returns what was chosen with the buttons, and the file that it stands in.

    Nothing was chosen where there is no such file.

    Raises:
        SettingsError: the file cannot be read, is no TOML, or holds what nobody can choose.
    """
    file = chosen_file(place)
    try:
        tree = read_toml(file, SettingsError, REMEDY)
    except SettingsError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return {}, file
        raise
    for section, part in tree.items():
        for key in part if isinstance(part, dict) else (None,):
            if key not in CHOOSABLE.get(section, ()):
                named = section if key is None else f"{section}.{key}"
                known = ", ".join(
                    f"{name}.{one}" for name, keys in CHOOSABLE.items() for one in keys
                )
                raise SettingsError(
                    f"{file}: {named} is not chosen with the buttons; take it out, and write it "
                    f"into kiosk.toml; known here: {known}"
                )
    return tree, file


def merged(tree: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Returns a file's tables with those of another in the place of what they say."""
    both = dict(tree)
    for name, part in above.items():
        below = tree.get(name)
        both[name] = (
            {**below, **part} if isinstance(below, dict) and isinstance(part, dict) else part
        )
    return both


def checked(tree: dict[str, Any], path: Path) -> Settings:
    """Converts a file's tables to settings.

    Raises:
        SettingsError: a key or a value is invalid; the message names the file and the key.
    """
    return convert_toml(tree, Settings, SettingsError, str(path))
