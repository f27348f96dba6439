"""Opens a window or a panel, shows scenes on it at its own rate, and reads its keys."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Self

import pygame
from pygame import Rect, Surface

from kiosk.errors import DisplayError
from kiosk.settings import Edge, ScreenSettings
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.screen import Screen
from kiosk.ui.screen.toolkit.canvas import offscreen, save_png
from kiosk.ui.screen.toolkit.theme import BLACK
from kiosk.ui.words.words import Words

SEND_MS = 4.0
"""Processor time for sending a picture that is worth saving: an eighth of a 30th of a second."""
WORTH_SCALING_PX = 1280
"""A panel whose long side has no more pixels is drawn as it is: half of them would show."""
SOONEST = 0.5
"""In parts of a picture's time: news that comes sooner waits, or twice as many would be drawn."""
LATEST = 1.1
"""The same: poses that come at the pictures' own rate, or at half of it, would otherwise come just
too late for each second picture, and be shown when they are old."""
_TRIED = 9  # pictures, for a median that a busy start does not move

_log = logging.getLogger(__name__)

_CONNECTORS = Path("/sys/class/drm")
_NO_SCREEN = ("dummy", "offscreen")


@dataclass(frozen=True, slots=True)
class WindowEvent:
    """A key that went down or up, by pygame's name, "space" or "a"; None: a closed window.

    Its scancode says where on the keyboard it is; 0 where SDL does not know.
    """

    key: str | None
    down: bool = False
    scancode: int = 0


def key_name(key: int) -> str:
    """Returns pygame's name of a key; its character where pygame has none, as for "é"."""
    return pygame.key.name(key) or (chr(key) if 0x7F < key < 0x110000 else "")


def is_off_screen() -> bool:
    """Whether SDL_VIDEODRIVER asks for no screen at all."""
    return os.environ.get("SDL_VIDEODRIVER") in _NO_SCREEN


def has_display(connectors: Path = _CONNECTORS) -> bool:
    """Whether there is anything to open a window on: X11, Wayland or a connected panel."""
    if is_off_screen():
        return False
    if sys.platform != "linux" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY"))):
        return True
    return any(
        status.read_text("ascii").strip() == "connected"
        for status in connectors.glob("card*-*/status")
    )


class Display:
    """A panel or a window that shows scenes. Belongs to the thread that opened it.

    Full-screen it takes the panel's own pixels; a window and an off-screen picture have the size
    that the settings name.

    With `on_screen` False it draws off-screen, to save pictures where there is no display.

    Attributes:
        upright: the picture as the viewer sees it.
        panel: the picture as the panel gets it, turned as it is mounted.

    Raises:
        DisplayError: no display can be opened.
    """

    def __init__(
        self,
        settings: ScreenSettings,
        words: Words,
        *,
        edge: Edge = "bottom",
        on_screen: bool | None = None,
    ) -> None:
        shown = has_display() if on_screen is None else on_screen
        self._turn = settings.rotate
        with nullcontext() if shown else _dummy_driver():
            self._fullscreen = settings.fullscreen and shown
            self.panel = _open(settings, fullscreen=self._fullscreen)
        self._draw_onto(words, edge)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as the viewer sees them, in pixels."""
        return self.upright.get_size()

    def adopt(self, settings: ScreenSettings, words: Words, *, edge: Edge) -> None:
        """Draws from now on as these settings say, on the panel that is open already."""
        if settings.rotate != self._turn:
            self._turn = settings.rotate
            if not self._fullscreen:
                size = _turned_size((settings.width, settings.height), settings.rotate)
                self.panel = pygame.display.set_mode(size)
        self.panel.fill(BLACK)
        self._draw_onto(words, edge)

    def show(self, scene: Scene) -> None:
        """Draws what changed and sends it to the panel."""
        changed = self.screen.draw(scene)
        if self._turn:
            changed = [self._send(box) for box in changed]
        if changed:
            pygame.display.update(changed)

    def events(self) -> Iterator[WindowEvent]:
        """What happened since the last call, oldest first."""
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                yield WindowEvent(None)
            elif event.type in (pygame.KEYDOWN, pygame.KEYUP):
                name = key_name(event.key)
                scancode = getattr(event, "scancode", 0)
                yield WindowEvent(name, event.type == pygame.KEYDOWN, scancode)
            elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED):
                # only what changes is sent, so a window that was covered asks for the rest
                pygame.display.flip()

    def save_png(self, path: Path) -> None:
        """Writes the picture, upright, as it is now; raises a `DisplayError` where it cannot."""
        save_png(self.upright, path)

    def close(self) -> None:
        """Gives the panel back. Safe to call twice."""
        pygame.display.quit()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _draw_onto(self, words: Words, edge: Edge) -> None:
        """Begins an empty picture, turned as the panel hangs."""
        self.upright = self.panel
        if self._turn:
            self.upright = offscreen(_turned_size(self.panel.get_size(), self._turn))
        same_masks = self.upright.get_masks()[:3] == self.panel.get_masks()[:3]
        self._same_pixels = same_masks and self.panel.get_bytesize() == 4
        self.screen = Screen(self.upright, words, edge)
        pygame.display.flip()

    def _send(self, box: Rect) -> Rect:
        """Copies one changed box to where it belongs on the turned panel."""
        part = self.upright.subsurface(box)
        corner = _turned_corner(box, self.size, self._turn)
        if not self._same_pixels:
            # pygame turns counter-clockwise
            return self.panel.blit(pygame.transform.rotate(part, -self._turn), corner)
        place = Rect(corner, _turned_size(box.size, self._turn))
        # straight onto the panel: a turned copy and its blit cost half as much again
        pixels = pygame.surfarray.pixels2d(part)
        turned = {90: pixels.T[::-1], 180: pixels[::-1, ::-1], 270: pixels.T[:, ::-1]}[self._turn]
        pygame.surfarray.pixels2d(self.panel.subsurface(place))[:] = turned
        return place


@contextmanager
def _dummy_driver() -> Iterator[None]:
    """Makes SDL open its driver without a screen, and restores the choice of driver afterwards."""
    before = os.environ.get("SDL_VIDEODRIVER")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SDL_VIDEODRIVER"]
        else:
            os.environ["SDL_VIDEODRIVER"] = before


def _open(settings: ScreenSettings, *, fullscreen: bool) -> Surface:
    try:
        pygame.display.init()
        if fullscreen:
            panel = open_panel(settings)
            pygame.mouse.set_visible(False)
        else:
            size = _turned_size((settings.width, settings.height), settings.rotate)
            panel = pygame.display.set_mode(size)
        pygame.display.set_caption("Gym mirror")
    except pygame.error as error:
        pygame.display.quit()
        raise DisplayError(
            f"no display can be opened ({error}); connect a screen, add the user to the groups "
            "video and render, or set SDL_VIDEODRIVER=dummy to draw off-screen"
        ) from error
    return panel


def open_panel(settings: ScreenSettings) -> Surface:
    """Opens the whole panel: its own pixels, or half of them each way, scaled by the GPU.

    Half are drawn where a renderer is there and sending whole pictures costs the processor more
    than `SEND_MS`, which takes time from the model. From three metres nobody sees the difference:
    a pixel of 0.74 mm is 0.85 minutes of arc.
    """
    size = pygame.display.get_desktop_sizes()[0]
    panel = pygame.display.set_mode(size, pygame.FULLSCREEN)
    path = settings.path
    plain_ms = send_ms() if path == "auto" and max(size) > WORTH_SCALING_PX else 0.0
    if path == "plain" or (path == "auto" and plain_ms <= SEND_MS):
        return panel
    try:
        half = pygame.display.set_mode(
            (size[0] // 2, size[1] // 2), pygame.FULLSCREEN | pygame.SCALED
        )
    except pygame.error as error:
        _log.warning("no renderer scales the picture (%s); drawing every pixel", error)
        return pygame.display.set_mode(size, pygame.FULLSCREEN)
    if path == "auto" and (scaled_ms := send_ms()) >= plain_ms:
        _log.info("drawing every pixel: %.1f ms a picture, scaled %.1f", plain_ms, scaled_ms)
        return pygame.display.set_mode(size, pygame.FULLSCREEN)
    _log.info("drawing half the pixels each way; the renderer scales them")
    return half


def send_ms() -> float:
    """Processor time that a whole picture takes to the panel; waiting for its turn is not in it."""
    took: list[float] = []
    for _ in range(_TRIED):
        began = time.thread_time()
        pygame.display.flip()
        took.append(1000 * (time.thread_time() - began))
    return median(took)


def _turned_size(size: tuple[int, int], turn: int) -> tuple[int, int]:
    return size if turn % 180 == 0 else (size[1], size[0])


def _turned_corner(box: Rect, size: tuple[int, int], turn: int) -> tuple[int, int]:
    """Top left corner of a box once the picture of this size was turned clockwise."""
    width, height = size
    return {
        90: (height - box.bottom, box.left),
        180: (width - box.right, height - box.bottom),
        270: (box.top, width - box.right),
    }[turn]


DIMMED_S = 0.2
"""Time between two pictures that nobody looks at: long enough to cost next to nothing, and short
enough for whoever enters or presses a button."""


class Pacer:
    """Waits between two pictures: for the next news, else so many a second; with 0 never."""

    def __init__(
        self,
        fps: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval_s = 1 / fps if fps else 0.0
        self._clock = clock
        self._sleep = sleep
        self._began_s = clock()

    def wait(self, news: threading.Event, *, dimmed: bool = False) -> None:
        """Waits until the next picture is due; of a dimmed screen, for `DIMMED_S`.

        Another thread sets the news when there is something to show; they are cleared here, before
        they are read.
        """
        if dimmed and self._interval_s:
            self._sleep(max(0.0, self._began_s + DIMMED_S - self._clock()))
        soonest_s = self._began_s + SOONEST * self._interval_s
        latest_s = self._began_s + LATEST * self._interval_s
        if (early_s := soonest_s - self._clock()) > 0:
            self._sleep(early_s)
        if (left_s := latest_s - self._clock()) > 0:
            news.wait(left_s)
        news.clear()
        self._began_s = self._clock()
