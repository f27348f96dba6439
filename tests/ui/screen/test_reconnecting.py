"""A display that is not there, comes, goes and comes back."""

from collections.abc import Callable, Iterator
from functools import partial

import pygame
import pytest

from kiosk.errors import DisplayError
from kiosk.settings import ScreenSettings
from kiosk.ui.screen.display import Display
from kiosk.ui.screen.gallery.scenes import samples
from kiosk.ui.screen.reconnecting import ReconnectingDisplay
from kiosk.ui.words.words import Words

SCENE = samples()["waiting"]
SMALL = ScreenSettings(width=480, height=800, fullscreen=False)


class Outlet:
    """Where a display is plugged in; opening one fails so many times more."""

    def __init__(self, words: Words) -> None:
        self.connected = False
        self.failures = 0
        self.opened: list[bool] = []
        self._words = words
        self._now_s = 0.0

    def open(self, shown: bool) -> Display:
        assert not pygame.display.get_init(), "one display at a time"
        self.opened.append(shown)
        if shown and self.failures:
            self.failures -= 1
            raise DisplayError("no display can be opened")
        return Display(SMALL, self._words, on_screen=False)

    def pictures(self, display: ReconnectingDisplay, seconds: int) -> None:
        """Draws one a second."""
        for _ in range(seconds):
            self._now_s += 1.0
            display.retry(self._now_s)
            display.show(SCENE)


@pytest.fixture
def outlet(words: Words, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outlet]:
    monkeypatch.delenv("SDL_VIDEODRIVER")
    yield Outlet(words)
    pygame.display.quit()


@pytest.fixture
def make(outlet: Outlet) -> Callable[..., ReconnectingDisplay]:
    return partial(ReconnectingDisplay, outlet.open, connected=lambda: outlet.connected)


def test_a_display_that_comes_late_is_shown_the_same_picture(
    outlet: Outlet, make: Callable[..., ReconnectingDisplay], caplog: pytest.LogCaptureFixture
) -> None:
    display = make()
    outlet.pictures(display, 5)
    assert "plug it in" in (display.fault or "")
    before = display.current.screen
    outlet.connected, outlet.failures = True, 2
    outlet.pictures(display, 60)
    assert outlet.opened == [False, True, False, True, False, True]
    assert display.fault is None
    assert display.current.screen is not before
    assert display.current.screen.canvas.parts.keys() == before.canvas.parts.keys()
    assert [line.split(";")[0] for line in caplog.messages] == [
        "no display is connected",
        "no display can be opened",
    ]


def test_a_display_that_is_unplugged_is_drawn_for_nobody_until_it_is_back(
    outlet: Outlet, make: Callable[..., ReconnectingDisplay], caplog: pytest.LogCaptureFixture
) -> None:
    outlet.connected = True
    display = make()
    outlet.pictures(display, 3)
    outlet.connected = False
    outlet.pictures(display, 100)
    assert display.fault is not None
    outlet.connected = True
    outlet.pictures(display, 31)
    assert display.fault is None
    assert outlet.opened == [True, False, True]
    assert len(caplog.messages) == 1


def test_a_display_that_takes_no_picture_is_opened_again(
    outlet: Outlet, make: Callable[..., ReconnectingDisplay], monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet.connected = True
    display = make()

    def fail(*_: object) -> None:
        monkeypatch.undo()
        raise pygame.error("the device is gone")

    monkeypatch.setattr(Display, "show", fail)
    display.show(SCENE)
    assert "the device is gone" in (display.fault or "")
    outlet.pictures(display, 3)
    assert display.fault is None
    assert outlet.opened == [True, False, True]


def test_where_no_display_is_wanted_there_is_no_fault(
    outlet: Outlet, make: Callable[..., ReconnectingDisplay], monkeypatch: pytest.MonkeyPatch
) -> None:
    displays = [make(on_screen=False)]
    displays[-1].close()
    displays.append(make(reconnects=False))
    displays[-1].close()
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    displays.append(make())
    outlet.pictures(displays[-1], 3)
    assert [display.fault for display in displays] == [None] * 3
    assert outlet.opened == [False] * 3


def test_without_patience_a_display_that_does_not_open_is_raised(
    outlet: Outlet, make: Callable[..., ReconnectingDisplay]
) -> None:
    outlet.connected, outlet.failures = True, 1
    with pytest.raises(DisplayError):
        make(reconnects=False)
