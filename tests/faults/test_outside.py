"""Buttons, loudspeaker and display that are absent, busy or late: the mirror trains on without."""

from collections.abc import Callable, Iterator

import gpiozero
import pygame
import pytest
from gpiozero.pins.mock import MockFactory

from kiosk.app import set_up_runner
from kiosk.coaching.snapshot import Stage
from kiosk.errors import DisplayError
from kiosk.settings import PanelSettings
from kiosk.system.pins import button_pin
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.display import Display
from kiosk.ui.screen.scene import Page
from mirror_harness import (
    FPS,
    WORDS,
    MirrorHarness,
    counted,
    in_stage,
    over,
    reading,
    turns,
    warned,
)

GPIO = PanelSettings(kind="gpio", keyboard=True)


@pytest.fixture
def _pins() -> Iterator[None]:
    before, gpiozero.Device.pin_factory = gpiozero.Device.pin_factory, None
    yield
    if gpiozero.Device.pin_factory is not None:
        gpiozero.Device.pin_factory.reset()
    gpiozero.Device.pin_factory = before


def absent() -> Callable[[], None]:
    """Returns what mends it, as all of these do."""

    def mend() -> None:
        gpiozero.Device.pin_factory = MockFactory()

    return mend


def busy() -> Callable[[], None]:
    gpiozero.Device.pin_factory = MockFactory()
    other = gpiozero.LED(button_pin("finish"))
    return other.close


@pytest.mark.usefixtures("_pins")
@pytest.mark.parametrize(("break_it", "message"), [(absent, "no GPIO pins"), (busy, "in use")])
def test_buttons_that_cannot_be_had_are_told_of_and_found_later(
    harness: MirrorHarness,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    break_it: Callable[[], Callable[[], None]],
    message: str,
) -> None:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "nonesuch")
    mend = break_it()
    notice = WORDS("notice.panel")
    with harness.mirror(panel=GPIO) as mirror:
        scene = mirror.turn()
        assert scene is not None
        assert notice in scene.notices
        assert notice in reading(mirror)
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_3))
        pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_3))
        assert turns(mirror, lambda scene: scene.page is Page.HISTORY)
        turns(mirror, in_stage(Stage.SET))
        assert notice not in turns(mirror, counted(1)).notices
        mend()
        turns(mirror, in_stage(Stage.SUMMARY))
        assert notice not in turns(mirror, lambda scene: not scene.notices).notices
        pin = gpiozero.Device.pin_factory.pin(button_pin("exercise"))
        pin.drive_low()
        scene = turns(mirror, lambda scene: scene.pressed)
        assert [hold.button for hold in scene.pressed] == [Button.EXERCISE]
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    (line,) = warned(caplog)
    assert message in line


def test_a_loudspeaker_that_is_absent_is_told_of_and_found_later(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "nonesuch")
    with harness.mirror() as mirror:
        assert WORDS("notice.sound") in turns(mirror, in_stage(Stage.READY)).notices
        assert WORDS("notice.sound") in reading(mirror)
        mirror.speaker.set_volume(0.4)
        turns(mirror, in_stage(Stage.SET))
        monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
        turns(mirror, counted(3))
        assert pygame.mixer.get_init() is None  # opening it could hold up the count
        turns(mirror, in_stage(Stage.SUMMARY))
        turns(mirror, lambda _: mirror.speaker.fault is None)
        assert pygame.mixer.get_init() is not None
        assert mirror.speaker.volume == 0.4
        turns(mirror, over(mirror))
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    (line,) = warned(caplog)
    assert "no sound device" in line


def test_a_display_that_comes_late_shows_the_set_that_began_without_it(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked_s: list[float] = []

    def late(*of: object, on_screen: bool, **how: object) -> Display:
        if on_screen:
            asked_s.append(harness.lockstep.now_s)
            if len(asked_s) <= 2:
                raise DisplayError("no display can be opened; connect a screen")
            opened.append(Display(*of, on_screen=False, **how))
            return opened[-1]
        return Display(*of, on_screen=False, **how)

    opened: list[Display] = []
    monkeypatch.setattr(set_up_runner, "Display", late)
    with harness.mirror(on_screen=True) as mirror:
        assert mirror.display.fault is not None
        turns(mirror, lambda _: opened)
        assert mirror.display.fault is None
        assert mirror.display.current.screen is opened[0].screen
        turns(mirror, counted(4))
        assert "4" in reading(mirror)
        turns(mirror, over(mirror))
    assert len(asked_s) == 3
    assert asked_s[1] >= 1.0 - 1 / FPS
    assert asked_s[2] - asked_s[1] >= 2.0 - 1 / FPS
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    (line,) = warned(caplog)
    assert "no display can be opened" in line
