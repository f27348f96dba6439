"""A display opens, turns, saves and gives its keys; pictures come in time with the snapshots."""

import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pygame
import pytest
from msgspec.structs import replace

from doubles import FakeClock
from kiosk.errors import DisplayError
from kiosk.settings import ScreenSettings
from kiosk.ui.screen import display
from kiosk.ui.screen.display import (
    DIMMED_S,
    LATEST,
    SOONEST,
    Display,
    Pacer,
    WindowEvent,
    has_display,
)
from kiosk.ui.screen.gallery.scenes import samples
from kiosk.ui.words.words import Words

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
        turned = pygame.transform.rotate(display.upright, -rotate)
        assert turned.get_size() == display.panel.get_size()
        assert pygame.image.tobytes(turned, "RGB") == pygame.image.tobytes(display.panel, "RGB")
        assert any(pygame.image.tobytes(turned, "RGB"))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("fullscreen", [False, True])
def test_a_display_that_adopts_settings_looks_as_one_that_was_opened_with_them(
    rotate: int, fullscreen: bool, words: Words
) -> None:
    scene, other = SCENES["set-first"], Words.load("de")
    now = replace(settings(rotate), fullscreen=fullscreen)
    with Display(now, other, edge="left", on_screen=fullscreen) as display:
        display.show(scene)
        wanted = pygame.surfarray.array3d(display.panel)
    before = replace(settings(90), fullscreen=fullscreen)
    with Display(before, words, on_screen=fullscreen) as display:
        display.show(SCENES["waiting"])
        display.adopt(now, other, edge="left")
        display.show(scene)
        assert display.size == display.upright.get_size()
        assert np.array_equal(pygame.surfarray.array3d(display.panel), wanted)


def test_pictures_are_saved_upright(tmp_path: Path, words: Words) -> None:
    with Display(settings(90), words) as display:
        display.show(SCENES["set-deep"])
        display.save_png(tmp_path / "set.png")
    assert pygame.image.load(tmp_path / "set.png").get_size() == (480, 800)


def test_a_picture_that_cannot_be_saved_is_named(tmp_path: Path, words: Words) -> None:
    (tmp_path / "file").write_text("here")
    with (
        Display(settings(), words) as display,
        pytest.raises(DisplayError, match=r"file/set\.png"),
    ):
        display.save_png(tmp_path / "file" / "set.png")


def test_keys_and_the_wish_to_leave_come_in_order(words: Words) -> None:
    with Display(settings(), words) as display:
        pygame.event.clear()
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_SPACE))
        pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_SPACE))
        place = pygame.KSCAN_2  # of a key that this keyboard's layout calls otherwise
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_PLUS, scancode=place))
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        assert list(display.events()) == [
            WindowEvent("space", down=True),
            WindowEvent("space", down=False),
            WindowEvent("+", down=True, scancode=place),
            WindowEvent(None),
        ]


def test_a_display_that_cannot_be_opened_names_the_remedy(
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


class Panel:
    """A panel of 1080p that notes how it is opened, and what sending a picture costs each way."""

    def __init__(self, plain_ms: float, scaled_ms: float, *, renderer: bool = True) -> None:
        self.opened: list[tuple[tuple[int, int], bool]] = []
        self._costs = {False: plain_ms, True: scaled_ms}
        self._renderer = renderer

    def set_mode(self, size: tuple[int, int], flags: int = 0) -> pygame.Surface:
        scaled = bool(flags & pygame.SCALED)
        if scaled and not self._renderer:
            raise pygame.error("no renderer")
        self.opened.append((size, scaled))
        return pygame.Surface(size)

    def send_ms(self) -> float:
        return self._costs[self.opened[-1][1]]


def filled(
    panel: Panel, monkeypatch: pytest.MonkeyPatch, path: str, size: tuple[int, int] = (1920, 1080)
) -> tuple[int, int]:
    monkeypatch.setattr(pygame.display, "get_desktop_sizes", lambda: [size])
    monkeypatch.setattr(pygame.display, "set_mode", panel.set_mode)
    monkeypatch.setattr(display, "send_ms", panel.send_ms)
    chosen = display.open_panel(ScreenSettings(path=path))  # type: ignore[arg-type]  # one of its words
    assert chosen.get_size() == panel.opened[-1][0]
    return chosen.get_size()


WHOLE, HALF = (1920, 1080), (960, 540)


@pytest.mark.parametrize(
    ("path", "plain_ms", "scaled_ms", "size"),
    [
        ("auto", display.SEND_MS, 1.0, WHOLE),  # cheap enough as it is
        ("auto", 12.0, 3.0, HALF),
        ("auto", 12.0, 13.0, WHOLE),  # scaling in software would cost more
        ("plain", 12.0, 3.0, WHOLE),
        ("scaled", 1.0, 3.0, HALF),
    ],
)
def test_the_way_to_the_panel_is_chosen_by_what_it_costs(
    path: str,
    plain_ms: float,
    scaled_ms: float,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert filled(Panel(plain_ms, scaled_ms), monkeypatch, path) == size


def test_without_a_renderer_every_pixel_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = Panel(12.0, 3.0, renderer=False)
    assert filled(panel, monkeypatch, "auto") == WHOLE


def test_a_small_panel_is_never_drawn_coarser(monkeypatch: pytest.MonkeyPatch) -> None:
    assert filled(Panel(12.0, 3.0), monkeypatch, "auto", (1024, 600)) == (1024, 600)


def test_sending_a_picture_is_timed_by_the_processor(words: Words) -> None:
    with Display(settings(), words):
        assert 0 <= display.send_ms() < 1000


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_panel_of_another_kind_shows_the_same(
    rotate: int, words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Display(settings(rotate), words) as opened:
        opened.show(SCENES["set-cue"])
        expected = pygame.image.tobytes(opened.panel, "RGB")
    set_mode = pygame.display.set_mode

    def of_three_bytes(size: tuple[int, int], flags: int = 0) -> pygame.Surface:
        set_mode(size, flags)
        return pygame.Surface(size, depth=24)

    monkeypatch.setattr(pygame.display, "set_mode", of_three_bytes)
    with Display(settings(rotate), words) as opened:
        assert opened.panel.get_bytesize() == 3
        opened.show(SCENES["set-cue"])
        assert pygame.image.tobytes(opened.panel, "RGB") == expected


FPS = 30
DRAWS_S = 0.004


class Poses(threading.Event):
    """News at given moments of a clock that stands still unless somebody waits."""

    def __init__(self, clock: FakeClock, times_s: list[float]) -> None:
        super().__init__()
        self._clock = clock
        self._coming = list(times_s)
        self.seen: list[tuple[float, float]] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        until_s = self._clock() + timeout
        if self._coming and self._coming[0] <= until_s:
            self._clock.now_s = max(self._clock(), self._coming[0])
            return True
        self._clock.now_s = until_s
        return False

    def clear(self) -> None:
        while self._coming and self._coming[0] <= self._clock():
            self.seen.append((self._coming.pop(0), self._clock()))


def drawn(poses_per_s: int, phase_s: float = 0.0) -> tuple[Poses, list[float]]:
    """Poses with the time of their picture, and when pictures were begun, for 20 seconds."""
    clock = FakeClock()
    poses = Poses(clock, [phase_s + n / poses_per_s for n in range(20 * poses_per_s)])
    pacer, begun = Pacer(FPS, clock, clock.sleep), list[float]()
    while clock() < 20:
        begun.append(clock())
        clock.advance(DRAWS_S)
        pacer.wait(poses)
    return poses, begun


@pytest.mark.parametrize("phase_s", [0.0, 0.011, 0.029])
@pytest.mark.parametrize("poses_per_s", [15, 30])
def test_a_pose_is_drawn_at_once_whenever_it_comes(poses_per_s: int, phase_s: float) -> None:
    poses, _ = drawn(poses_per_s, phase_s)
    late_s = [shown_s - came_s for came_s, shown_s in poses.seen[poses_per_s:]]
    assert max(late_s) <= DRAWS_S + 1e-9


@pytest.mark.parametrize("poses_per_s", [5, 8, 11, 20, 24, 25, 28])
def test_at_any_rate_a_pose_waits_less_than_half_a_picture(poses_per_s: int) -> None:
    poses, _ = drawn(poses_per_s)
    assert max(shown_s - came_s for came_s, shown_s in poses.seen) < SOONEST / FPS + 1e-9


@pytest.mark.parametrize("poses_per_s", [0, 8, 15, 25, 30, 60])
def test_the_picture_neither_stands_still_nor_costs_twice(poses_per_s: int) -> None:
    _, begun = drawn(poses_per_s)
    gaps = [after - before for before, after in pairwise(begun)]
    assert max(gaps) <= LATEST / FPS + 1e-9
    assert min(gaps) >= SOONEST / FPS - 1e-9


@pytest.mark.parametrize("poses_per_s", range(31))
def test_poses_slower_than_the_pictures_add_half_as_many_at_most(poses_per_s: int) -> None:
    _, begun = drawn(poses_per_s)
    assert len(begun) / 20 <= 1.5 * FPS


@pytest.mark.parametrize("poses_per_s", [0, 30])
def test_a_dimmed_picture_is_drawn_five_times_a_second(poses_per_s: int) -> None:
    clock = FakeClock()
    poses = Poses(clock, [n / poses_per_s for n in range(20 * poses_per_s)])
    pacer, pictures = Pacer(FPS, clock, clock.sleep), 0
    while clock() < 20:
        pacer.wait(poses, dimmed=True)
        pictures += 1
    assert pictures <= 20 / DIMMED_S + 1
    assert pictures >= 20 / (DIMMED_S + LATEST / FPS) - 1


def test_without_a_rate_nobody_waits() -> None:
    clock = FakeClock()
    Pacer(0, clock, clock.sleep).wait(Poses(clock, []))
    assert clock() == 0.0


def test_news_of_before_the_wait_is_shown_at_once() -> None:
    news = threading.Event()
    news.set()
    Pacer(1000).wait(news)
    assert not news.is_set()
