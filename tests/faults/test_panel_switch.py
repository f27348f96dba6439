"""The screen sleeps and its panel is switched; the commands work, fail and hang."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

import people
from doubles import StubEstimator, blank_frame, frame_of
from kiosk.app.mirror import Mirror
from kiosk.body.pose import Pose
from kiosk.coaching.snapshot import Stage
from kiosk.settings import ScreenSettings
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen import panel_switch
from kiosk.ui.screen.scene import Page, Scene
from kiosk.vision.camera.frame import Frame
from mirror_harness import FPS, WORDS, MirrorHarness, in_stage, turns, warned

HISTORY = ButtonEvent(Button.HISTORY, Press.SHORT)
NOTICE = WORDS("notice.switch")
ALONE_S = 600.0


class Panel:
    """Commands that note what they did, and are told what to do by files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self.settings = ScreenSettings(
            width=480,
            height=800,
            fullscreen=False,
            off_command=self._command("off"),
            on_command=self._command("on"),
        )

    def _command(self, word: str) -> tuple[str, ...]:
        told = self._folder / word
        script = (
            f"echo {word} >>{self._folder}/ran; "
            f"[ ! -e {told}-hangs ] || exec /bin/sleep 600; "
            f"[ ! -e {told}-fails ] || {{ echo no monitor; exit 1; }}"
        )
        return ("/bin/sh", "-c", script)

    @property
    def ran(self) -> list[str]:
        file = self._folder / "ran"
        return file.read_text().split() if file.exists() else []

    def tell(self, what: str) -> None:
        (self._folder / what).touch()

    def mend(self, what: str) -> None:
        (self._folder / what).unlink()


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    return Panel(tmp_path / "panel")


class Room(StubEstimator):
    """A room in front of a camera, with its model: empty until somebody is let in."""

    def __init__(self, harness: MirrorHarness) -> None:
        super().__init__()
        self.lockstep = harness.lockstep
        self.mirror = partial(harness.mirror, lambda: harness.camera(self._frames()))
        self.open = False
        self._poses: dict[float, Pose] = {}
        harness.load(lambda *_: (self, "scripted"))

    def estimate(self, frame: Frame) -> Pose:
        return self._poses.get(frame.time_s) or super().estimate(frame)

    def _frames(self) -> Iterator[Frame]:
        numbers = itertools.count()
        while not self.open:
            number = next(numbers)
            frame = blank_frame(number / FPS, grey=60 + number % 3)
            frame.rgbx[::8] = 200  # nothing covers the lens
            yield frame
        for pose in people.hinges(4, fps=FPS):
            moved = replace(pose, time_s=next(numbers) / FPS)
            self._poses[moved.time_s] = moved
            yield frame_of(moved)


@pytest.fixture
def room(harness: MirrorHarness) -> Room:
    return Room(harness)


def go_to_sleep(room: Room, mirror: Mirror) -> Scene:
    turns(mirror, in_stage(Stage.WAITING))
    room.lockstep.now_s += ALONE_S
    scene = turns(mirror, lambda scene: scene.asleep)
    assert scene.judged.stage is Stage.WAITING
    return scene


def test_the_screen_sleeps_and_the_first_person_wakes_it(room: Room, panel: Panel) -> None:
    with room.mirror(screen=panel.settings) as mirror:
        turns(mirror, lambda _: panel.ran == ["on"])
        go_to_sleep(room, mirror)
        turns(mirror, lambda _: panel.ran == ["on", "off"])
        screen = mirror.display.current.screen
        assert screen.canvas.parts == {}
        assert not any(mirror.display.current.upright.get_buffer().raw)
        room.open = True
        scene = turns(mirror, lambda scene: not scene.asleep)
        assert scene.judged.stage is Stage.FRAMING  # in the very picture in which they are seen
        assert screen.canvas.parts
        turns(mirror, lambda _: panel.ran == ["on", "off", "on"])
        turns(mirror, in_stage(Stage.SET))
    assert panel.ran == ["on", "off", "on"]


def test_the_press_that_wakes_it_only_wakes_it(room: Room, panel: Panel) -> None:
    with room.mirror(screen=panel.settings) as mirror:
        go_to_sleep(room, mirror)
        scene = mirror.turn((HISTORY,))
        assert (scene.asleep, scene.page) == (False, Page.COACH)
        assert mirror.turn((HISTORY,)).page is Page.HISTORY


def test_the_end_switches_it_on(room: Room, panel: Panel) -> None:
    with room.mirror(screen=panel.settings) as mirror:
        go_to_sleep(room, mirror)
        turns(mirror, lambda _: panel.ran == ["on", "off"])
    assert panel.ran == ["on", "off", "on"]


def test_a_panel_that_cannot_be_switched_off_is_told_of_and_sleeps_black(
    room: Room, panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    panel.tell("off-fails")
    with room.mirror(screen=panel.settings) as mirror:
        go_to_sleep(room, mirror)
        scene = turns(mirror, lambda scene: scene.notices)
        assert (scene.notices, scene.asleep) == ((NOTICE,), True)  # it wakes nobody
        turns(mirror, lambda _: panel.ran.count("off") > 1)
        scene = mirror.turn((HISTORY,))
        assert (scene.notices, scene.asleep) == ((NOTICE,), False)
        panel.mend("off-fails")
        go_to_sleep(room, mirror)
        turns(mirror, lambda scene: not scene.notices)
    assert [line for line in warned(caplog) if "off_command" in line] == [
        "screen.off_command: sh failed (no monitor); run it by hand, and see hardware/README.md"
    ]


def test_a_command_that_fails_to_switch_it_on_is_run_again(room: Room, panel: Panel) -> None:
    with room.mirror(screen=panel.settings) as mirror:
        go_to_sleep(room, mirror)
        turns(mirror, lambda _: panel.ran == ["on", "off"])
        panel.tell("on-fails")
        mirror.turn((HISTORY,))
        turns(mirror, lambda scene: NOTICE in scene.notices)
        panel.mend("on-fails")
        turns(mirror, lambda scene: not scene.notices)
    assert panel.ran[:2] == ["on", "off"]
    assert set(panel.ran[2:]) == {"on"}


def feeds(mirror: Mirror, room: Room, heard: Callable[[], list[str]]) -> bool:
    """Whether ten seconds of pictures feed the watchdog once a second."""
    fed, began_s = 0, room.lockstep.now_s
    for _ in range(10 * FPS):
        assert mirror.turn() is not None
        fed += "WATCHDOG=1" in heard()
    return fed >= room.lockstep.now_s - began_s - 1.5


def test_one_that_hangs_in_switching_off_holds_up_nobody_who_comes(
    room: Room, panel: Panel, heard: Callable[[], list[str]]
) -> None:
    panel.tell("off-hangs")
    with room.mirror(screen=panel.settings) as mirror:
        go_to_sleep(room, mirror)
        turns(mirror, lambda _: panel.ran == ["on", "off"])
        assert feeds(mirror, room, heard)
        mirror.turn((HISTORY,))
        turns(mirror, lambda _: panel.ran == ["on", "off", "on"])
        assert mirror.turn().notices == ()  # nobody waited until it was given up


def test_one_that_hangs_in_switching_on_is_ended_and_run_again(
    room: Room, panel: Panel, heard: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel_switch, "TIMEOUT_S", 1.0)
    panel.tell("on-hangs")
    with room.mirror(screen=panel.settings) as mirror:
        turns(mirror, lambda _: panel.ran == ["on"])
        assert feeds(mirror, room, heard)
        scene = turns(mirror, lambda scene: scene.notices)
        assert scene.notices == (NOTICE,)
        panel.mend("on-hangs")
        turns(mirror, lambda scene: not scene.notices)
    assert set(panel.ran) == {"on"}
