from pathlib import Path

import pygame
import pytest

from kiosk.errors import DisplayError
from kiosk.screen.display import Display, Happening, WindowEvent, has_display
from kiosk.screen.samples import samples
from kiosk.settings import ScreenSettings
from kiosk.words.words import Words

SCENES = samples()


def settings(rotate: int = 0, size: tuple[int, int] = (480, 800)) -> ScreenSettings:
    return ScreenSettings(width=size[0], height=size[1], fullscreen=True, rotate=rotate, fps=30)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(480, 800), (800, 480), (1080, 1920), (1920, 1080)])
def test_the_panel_shows_the_upright_picture_turned_clockwise(
    rotate: int, size: tuple[int, int], words: Words
) -> None:
    with Display(settings(rotate, size), words) as display:
        for name in (
            "set-first",
            "set-cue-drill",
            "set-praise",
            "summary-fade",
            "history",
            "waiting",
        ):
            display.show(SCENES[name])
        assert display.size == size
        turned = pygame.transform.rotate(display._upright, -rotate)
        assert turned.get_size() == display._panel.get_size()
        assert pygame.image.tobytes(turned, "RGB") == pygame.image.tobytes(display._panel, "RGB")
        assert any(pygame.image.tobytes(turned, "RGB"))


def test_pictures_are_saved_upright(tmp_path: Path, words: Words) -> None:
    with Display(settings(90), words) as display:
        display.show(SCENES["set-deep"])
        display.save_png(tmp_path / "set.png")
    assert pygame.image.load(tmp_path / "set.png").get_size() == (480, 800)


def test_a_picture_that_cannot_be_saved_is_named(tmp_path: Path, words: Words) -> None:
    with (
        Display(settings(), words) as display,
        pytest.raises(DisplayError, match=r"no/such/folder/set\.png"),
    ):
        display.save_png(tmp_path / "no/such/folder/set.png")


def test_keys_and_the_wish_to_leave_come_in_order(words: Words) -> None:
    with Display(settings(), words) as display:
        pygame.event.clear()
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_SPACE))
        pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_SPACE))
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        assert list(display.events()) == [
            WindowEvent(Happening.KEY, "space", True),
            WindowEvent(Happening.KEY, "space", False),
            WindowEvent(Happening.QUIT),
        ]


def test_a_display_that_cannot_be_opened_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, words: Words
) -> None:
    pygame.display.quit()
    monkeypatch.setenv("SDL_VIDEODRIVER", "nonsense")
    with pytest.raises(DisplayError, match="connect a screen"):
        Display(settings(), words, on_screen=True)


@pytest.mark.parametrize(
    ("status", "expected"), [("connected", True), ("disconnected", False), (None, False)]
)
def test_a_panel_counts_when_it_is_connected(
    status: str | None, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if status:
        (tmp_path / "card0-HDMI-A-1").mkdir()
        (tmp_path / "card0-HDMI-A-1/status").write_text(status + "\n")
    assert has_display(tmp_path) is expected


def test_a_window_system_counts_unless_the_dummy_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SDL_VIDEODRIVER")
    monkeypatch.setenv("DISPLAY", ":0")
    assert has_display(tmp_path)
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    assert not has_display(tmp_path)
