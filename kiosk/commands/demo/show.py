"""`kiosk demo`: the whole mirror on a packaged recording, with its real model and history."""

import json
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.app.mirror import Mirror
from kiosk.app.parts import MirrorOptions
from kiosk.coaching.snapshot import Stage
from kiosk.commands.report import format_reps
from kiosk.errors import BadInputError, HistoryError, os_errors_as
from kiosk.history.reader import Reader
from kiosk.settings import Settings, checked
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.display import has_display
from kiosk.ui.screen.scene import Page, Scene
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.pace import Paced

WALK_UP = Path(__file__).with_name("walk_up.mp4")
"""The packaged recording: a person walks up, hinges and walks off."""
SETTLED_S = 0.8
"""A screen is photographed this long after it appeared or changed: its motion has come to rest."""
AFTERWARDS_S = 4.0
"""The summary stays up this long after the film, and the history half as long."""


def run(arguments: Namespace) -> int:
    """Plays the recording; prints its set, and where the pictures and the history are."""
    folder = arguments.out
    remedy = "name another folder with --out"
    with os_errors_as(BadInputError, f"{folder}: cannot be made", remedy):
        folder.mkdir(parents=True, exist_ok=True)
    reader = Reader(folder / "history")
    before = _newest_id(reader)
    pictures = show(folder, partial(print, flush=True))
    found = [stored for stored in reader.recent(1) if stored.id != before]
    for stored in found:
        print(f"\n{format_reps(stored.exercise, stored.ended, reader.reps_of(stored.id))}")
    print("\nscreens:", *(f"  {picture}" for picture in pictures), sep="\n")
    print(f"history: {reader.path}")
    if not found:
        print("kiosk: the demo counted no set; run `kiosk doctor`", file=sys.stderr)
    return 0 if found else 1


def _newest_id(reader: Reader) -> int | None:
    """Reads the newest set's id; None without one or where the mirror will set the file aside."""
    try:
        return next((stored.id for stored in reader.recent(1)), None)
    except HistoryError:
        return None


def show(
    folder: Path,
    report: Callable[[str], None],
    film: Path = WALK_UP,
    clock: Callable[[], float] = time.monotonic,
) -> list[Path]:
    """Plays the film to the mirror at its own speed; returns the pictures of its screens.

    They and the history go to the folder.

    Raises:
        KioskError: model, film, folder or display cannot be used.
    """
    with closing(Film(film)) as first:  # refused before anything starts
        length_s = first.duration_s or 0.0
    on_screen = has_display()
    screen = {"fullscreen": False} | ({"width": 540, "height": 960} if on_screen else {})
    settings = demo_settings(folder / "history", screen=screen, sound={"enabled": on_screen})
    where = "in a window" if on_screen else "off-screen"
    report(f"playing {film.name}, {length_s + 1.5 * AFTERWARDS_S:.0f} s, to the kiosk {where}")
    options = MirrorOptions(on_screen=on_screen, reconnects=False)
    with Mirror(settings, lambda: Paced(Film(film)), options, clock=clock) as mirror:
        album = Album(folder, mirror.display.save_png)
        ended_s: float | None = None
        presses: tuple[ButtonEvent, ...] = ()
        while (scene := mirror.turn(presses)) is not None:
            album.update(scene)
            presses = ()
            if not mirror.ended:
                continue
            ended_s = scene.now_s if ended_s is None else ended_s
            after_s = scene.now_s - ended_s
            if after_s > 1.5 * AFTERWARDS_S:
                break
            if after_s > AFTERWARDS_S and scene.page is Page.COACH:
                summary = scene.judged.stage is Stage.SUMMARY
                button = Button.FINISH if summary else Button.HISTORY
                presses = (ButtonEvent(button, Press.SHORT),)
    return album.pictures


def walk_up_exercise() -> str:
    """Returns the id of the exercise that the recording shows, from the facts beside it."""
    exercise: str = json.loads(WALK_UP.with_suffix(".json").read_text("utf-8"))["exercise"]
    return exercise


def demo_settings(history: Path, **tables: dict[str, Any]) -> Settings:
    """Returns the settings of a silent mirror that plays the recording, overridden by `tables`."""
    defaults = {
        "coach": {"exercise": walk_up_exercise()},
        "screen": {"fullscreen": False},
        "panel": {"kind": "keyboard"},
        "sound": {"enabled": False},
        "history": {"folder": str(history)},
    }
    return checked(defaults | tables, WALK_UP)


class Album:
    """Saves one picture of every screen that showed, the set's after its last change."""

    def __init__(self, folder: Path, save: Callable[[Path], None]) -> None:
        self._folder = folder
        self._save = save
        self._shown: tuple[object, ...] = ()
        self._since_s = 0.0
        self._taken: dict[str, Path] = {}
        self._done: set[tuple[object, ...]] = set()

    @property
    def pictures(self) -> list[Path]:
        """The pictures so far, in the order of their screens."""
        return list(self._taken.values())

    def update(self, scene: Scene) -> None:
        """Takes a picture when a screen has come to rest."""
        shown = _state_of(scene)
        if shown != self._shown:
            self._shown, self._since_s = shown, scene.now_s
        elif scene.now_s - self._since_s > SETTLED_S and shown not in self._done:
            self._done.add(shown)
            name = str(shown[0])
            path = self._folder / f"{len(self._taken) + 1}-{name}.png"
            self._save(self._taken.setdefault(name, path))


def _state_of(scene: Scene) -> tuple[object, ...]:
    """Returns the screen's name, and what makes a new picture of it worth taking."""
    if scene.page is Page.HISTORY:
        return ("history",)
    if scene.snapshot is None:
        return ("starting",)
    stage = scene.snapshot.stage
    return (stage.value, scene.snapshot.count if stage is Stage.SET else None)
