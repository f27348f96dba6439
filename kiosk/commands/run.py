"""`kiosk run`: the mirror itself, on a camera or a film."""

import logging
import signal
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from kiosk.app.mirror import Mirror
from kiosk.app.parts import MirrorOptions
from kiosk.app.safe_settings import load_or_default
from kiosk.errors import SettingsError
from kiosk.settings import Settings, chosen_file, find, load
from kiosk.ui.set_up_steps import SetUp
from kiosk.ui.words.words import languages
from kiosk.vision.camera.factory import is_live, open_source
from kiosk.vision.camera.frame import FrameSource
from kiosk.vision.camera.pace import Paced

_log = logging.getLogger(__name__)

FILM_OVER_S = 3.0
"""A film's last screen stays up this long."""

END_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""Ask for the end, SIGHUP where the terminal is closed. The first ends it in good order, and
another one changes nothing."""


def run(arguments: Namespace) -> int:
    """Runs until the user leaves, a signal comes or the film is over."""
    settings, fault = _read(arguments)
    source = arguments.source or settings.camera.source

    films: list[FrameSource] = []

    def opener() -> FrameSource:
        camera = settings.camera
        size = (camera.width, camera.height)
        found = open_source(source, size=size, fps=camera.fps, rotate=camera.rotate)
        if is_live(source):
            return found
        films.append(found)
        return Paced(found)

    if not is_live(source):
        opener().close()  # a film that cannot be played is refused before anything starts
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    asked: list[int] = []  # an event has a lock, on which a second signal would wait for ever
    for number in END_SIGNALS:
        signal.signal(number, lambda which, _: asked.append(which))
    live = is_live(source)
    chosen = _chosen_file(arguments.settings) if live else None
    set_up = _first_set_up(settings, chosen)
    while True:
        options = MirrorOptions(reconnects=live, settings_fault=fault, chosen=chosen, set_up=set_up)
        with Mirror(settings, opener, options) as mirror:
            _turn(mirror, asked)
        if asked or mirror.rebuild is None:
            break
        settings, set_up = mirror.rebuild.settings, mirror.rebuild.set_up
        if mirror.rebuild.restarts:
            settings, fault = _read(arguments)
    for note in getattr(films[-1], "notes", ()) if films else ():
        _log.warning("%s: %s", source, note)
    if asked:
        _ignore_signals()
    return 0


def _ignore_signals() -> None:
    """Lets nothing interrupt the end."""
    # another one while the interpreter ends would be an end by a signal, which is none in order
    for number in END_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _turn(mirror: Mirror, asked: list[int]) -> None:
    """Turns the main loop until the end is asked for or a film has been over for a while."""
    ended_s: float | None = None
    while not (asked or mirror.stopping) and (scene := mirror.turn()) is not None:
        if mirror.ended:
            ended_s = scene.now_s if ended_s is None else ended_s
            if scene.now_s - ended_s > FILM_OVER_S:
                break


def _read(arguments: Namespace) -> tuple[Settings, str | None]:
    """Reads the settings; in one line what is wrong with them, or None."""
    # whoever names a file is there to mend it
    named = arguments.settings
    settings, fault = (load(named), None) if named else load_or_default()
    return _overridden(settings, arguments), fault


def _chosen_file(named: Path | None) -> Path | None:
    """Finds the file that keeps what is chosen with the buttons; None for a user without a home."""
    place = None
    with suppress(SettingsError):  # of a file that cannot be read, which is told of already
        place = (find(named) or (None, None))[1]
    with suppress(SettingsError):
        return chosen_file(place)
    return None


def _first_set_up(settings: Settings, chosen: Path | None) -> SetUp | None:
    """Begins the set-up at the first start of a mirror that was installed to ask.

    Somebody was asked where there is a file, whatever stands in it.
    """
    if not settings.mirror.set_up or chosen is None:
        return None
    with suppress(OSError):  # a folder that cannot be read is reported when something is kept
        if chosen.exists():
            return None
    return SetUp.begin(settings, languages())


def _overridden(settings: Settings, arguments: Namespace) -> Settings:
    """Returns the settings with what was asked for on the command line."""
    for section, key, value in (
        ("coach", "exercise", arguments.exercise),
        ("pose", "model", arguments.model),
        ("screen", "fullscreen", False if arguments.windowed else None),
    ):
        if value not in (None, ""):
            changed = replace(getattr(settings, section), **{key: value})
            settings = replace(settings, **{section: changed})
    return settings
