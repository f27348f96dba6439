"""`kiosk run`: the mirror itself, on a camera or a film."""

import logging
import signal
from argparse import Namespace

from msgspec.structs import replace

from kiosk.app.mirror import Mirror
from kiosk.app.safe_settings import load_or_default
from kiosk.settings import Settings, load
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
    # whoever names a file is there to mend it
    named = arguments.settings
    settings, fault = (load(named), None) if named else load_or_default()
    settings = _overridden(settings, arguments)
    source, camera = arguments.source or settings.camera.source, settings.camera

    films: list[FrameSource] = []

    def opener() -> FrameSource:
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
    with Mirror(settings, opener, reconnects=is_live(source), settings_fault=fault) as mirror:
        _turn(mirror, asked)
    for note in getattr(films[-1], "notes", ()) if films else ():
        _log.warning("%s: %s", source, note)
    if asked:
        # another one while the interpreter ends would be an end by a signal, which is none in order
        for number in END_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
    return 0


def _turn(mirror: Mirror, asked: list[int]) -> None:
    """Turns the main loop until the end is asked for or a film has been over for a while."""
    ended_s: float | None = None
    while not (asked or mirror.stopping) and (scene := mirror.turn()) is not None:
        if mirror.ended:
            ended_s = scene.now_s if ended_s is None else ended_s
            if scene.now_s - ended_s > FILM_OVER_S:
                break


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
