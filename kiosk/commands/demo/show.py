"""The whole kiosk on a packaged recording: real model, real coach, real screens, real history."""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.app.mirror import Mirror
from kiosk.coaching.snapshot import Stage
from kiosk.commands.demo import WALK_UP
from kiosk.settings import HistorySettings, PanelSettings, ScreenSettings, Settings, SoundSettings
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.display import has_display
from kiosk.ui.screen.scene import Page, Scene
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.pace import Paced

SETTLED_S = 0.8
"""A screen is photographed this long after it appeared or changed: its motion has come to rest."""
AFTERWARDS_S = 4.0
"""The summary stays up this long after the film, and the history half as long."""


def show(
    folder: Path,
    say: Callable[[str], None],
    film: Path = WALK_UP,
    clock: Callable[[], float] = time.monotonic,
) -> list[Path]:
    """Plays the film to the kiosk at the speed of life.

    Args:
        folder: where the pictures of the screens and the history go.
        say: told what happens, line by line.
        film: what the camera sees.
        clock: monotonic seconds.

    Returns:
        The pictures, in the order they were taken.

    Raises:
        KioskError: model, film, folder or display cannot be used.
    """
    Film(film).close()  # refused before anything starts
    on_screen = has_display()
    settings = _settings(folder, on_screen=on_screen)
    say(f"playing {film.name} to the kiosk " + ("in a window" if on_screen else "off-screen"))
    with Mirror(
        settings, lambda: Paced(Film(film)), on_screen=on_screen, clock=clock, patient=False
    ) as kiosk:
        album = _Album(folder, kiosk)
        ended_s: float | None = None
        presses: tuple[ButtonEvent, ...] = ()
        while (scene := kiosk.turn(presses)) is not None:
            album.look(scene)
            presses = ()
            if not kiosk.ended:
                continue
            ended_s = scene.now_s if ended_s is None else ended_s
            after_s = scene.now_s - ended_s
            if after_s > 1.5 * AFTERWARDS_S:
                break
            if after_s > AFTERWARDS_S and scene.page is Page.COACH:
                presses = (ButtonEvent(Button.HISTORY, Press.SHORT),)
    return album.pictures


def _settings(folder: Path, *, on_screen: bool) -> Settings:
    screen = ScreenSettings(fullscreen=False)
    if on_screen:
        screen = msgspec.structs.replace(screen, width=540, height=960)
    return Settings(
        screen=screen,
        panel=PanelSettings(kind="keyboard"),
        sound=SoundSettings(enabled=has_display()),
        history=HistorySettings(folder=str(folder / "history")),
    )


class _Album:
    """One picture of every screen that showed, the set's after its last change."""

    def __init__(self, folder: Path, kiosk: Mirror) -> None:
        self._folder = folder
        self._display = kiosk.display
        self._shown: tuple[object, ...] = ()
        self._since_s = 0.0
        self._taken: dict[str, Path] = {}
        self._done: set[tuple[object, ...]] = set()

    @property
    def pictures(self) -> list[Path]:
        return list(self._taken.values())

    def look(self, scene: Scene) -> None:
        """Takes a picture when a screen has come to rest."""
        shown = _what(scene)
        if shown != self._shown:
            self._shown, self._since_s = shown, scene.now_s
        elif scene.now_s - self._since_s > SETTLED_S and shown not in self._done:
            self._done.add(shown)
            name = str(shown[0])
            path = self._taken.get(name) or self._folder / f"{len(self._taken) + 1}-{name}.png"
            self._display.save_png(path)
            self._taken[name] = path


def _what(scene: Scene) -> tuple[object, ...]:
    if scene.page is Page.HISTORY:
        return ("history",)
    if scene.snapshot is None:
        return ("starting",)
    stage = scene.snapshot.stage
    return (stage.value, scene.snapshot.count if stage is Stage.SET else None)
