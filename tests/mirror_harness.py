"""A whole mirror with its threads, frame by frame, on a made-up person and a screen for nobody."""

import itertools
import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import people
from doubles import FakeCamera, FakeSpeaker, Lockstep, ScriptedEstimator, blank_frame, frame_of
from kiosk.app import parts as parts_module
from kiosk.app.mirror import Mirror
from kiosk.body.pose import Pose
from kiosk.coaching.snapshot import Stage
from kiosk.errors import CameraError, KioskError
from kiosk.history.reader import Reader
from kiosk.settings import HistorySettings, ScreenSettings, Settings, SoundSettings
from kiosk.system.worker import Mailbox
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.display import Pacer
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit.canvas import Line
from kiosk.ui.set_up_steps import SetUp
from kiosk.ui.sound import reconnecting
from kiosk.ui.words.words import Words
from kiosk.vision.camera import live
from kiosk.vision.camera.frame import Frame, FrameSource

FPS = 15
PATIENCE_S = 30.0
WORDS = Words.load("en")
NEXT_EXERCISE = ButtonEvent(Button.EXERCISE, Press.SHORT)
LOST = CameraError("USB camera /dev/video0: it stopped; plug it in")


class Mailboxes(Mailbox[Frame]):
    """A mailbox whose reader gives up when a test wants it, not because this machine is slow."""

    def __init__(self) -> None:
        super().__init__()
        self._given_up = False
        self._patience_s = PATIENCE_S

    def take(self, timeout_s: float) -> Frame | None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._item is not None or self._closed or self._given_up,
                self._patience_s,
            )
            self._given_up = False
            item, self._item = self._item, None
            return item

    def hush(self, *, silent: bool) -> None:
        """From now on nobody waits long for what will not come, or everybody does again."""
        self._patience_s = 0.01 if silent else PATIENCE_S
        if silent:
            self.give_up()

    def give_up(self) -> None:
        with self._changed:
            self._given_up = True
            self._changed.notify_all()


class MirrorHarness:
    """A mirror to be started in front of a person who hinges four times and walks off."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "history"
        self.reader = Reader(self.folder)
        self.poses: list[Pose] = people.hinges(4, fps=FPS)
        self.seconds = self.poses[-1].time_s + 3.0
        self.lockstep = Lockstep(FPS)
        self.mailbox = Mailboxes()
        self.monkeypatch = monkeypatch
        self.volume = 0.7
        self.see(self.poses)
        monkeypatch.setattr(parts_module, "Pipeline", self.lockstep.pipeline)
        monkeypatch.setattr(parts_module, "HistoryThread", self.lockstep.history)
        # the mirror's clock runs ahead of the real time that opening a sound device takes
        monkeypatch.setattr(reconnecting, "HANGS_S", 1e6)
        monkeypatch.setattr(live, "Mailbox", lambda: self.mailbox)
        monkeypatch.setattr(Pacer, "wait", lambda *_, **__: None)

    def hear(self, speaker: FakeSpeaker) -> FakeSpeaker:
        self.volume = speaker.volume
        self.monkeypatch.setattr(parts_module, "open_speaker", lambda *_: speaker)
        return speaker

    def see(self, script: Iterable[Pose | Exception]) -> None:
        script = list(script)
        self._seen = {step.time_s: step for step in script if isinstance(step, Pose)}
        estimator = ScriptedEstimator(script)
        self.load(lambda *_: (estimator, "scripted"))

    def load(self, load: Callable[..., object]) -> None:
        self.monkeypatch.setattr(parts_module, "load_estimator", load)

    def film(self, start_s: float = 0.0) -> list[Frame]:
        count = int(self.seconds * FPS)
        times_s = [n / FPS for n in range(count) if n / FPS >= start_s]
        seen = self._seen
        return [
            frame_of(seen[time_s]) if time_s in seen else blank_frame(time_s) for time_s in times_s
        ]

    def camera(self, steps: Iterable[Frame | KioskError] | None = None) -> FrameSource:
        return self.lockstep.camera(FakeCamera(self.film() if steps is None else steps))

    def mirror(
        self,
        opener: Callable[[], FrameSource] | None = None,
        wall_clock: Callable[[], float] = time.time,
        *,
        reconnects: bool = True,
        on_screen: bool | None = False,
        settings_fault: str | None = None,
        chosen: Path | None = None,
        set_up: SetUp | None = None,
        **how: object,
    ) -> Mirror:
        how = {"screen": ScreenSettings(width=480, height=800, fullscreen=False), **how}
        settings = Settings(
            history=HistorySettings(folder=str(self.folder)),
            # no voice: what a machine speaks with is no part of these tests
            sound=SoundSettings(voice=False, volume=self.volume),
            **how,
        )
        return Mirror(
            settings,
            opener or self.camera,
            parts_module.MirrorOptions(
                on_screen=on_screen,
                wall_clock=wall_clock,
                reconnects=reconnects,
                settings_fault=settings_fault,
                chosen=chosen,
                set_up=set_up,
            ),
            clock=self.lockstep,
        )

    def stored(self) -> list[tuple[str, int, str | None]]:
        """Exercise, counted reps and end of every set, oldest first."""
        return [(one.exercise, one.reps, one.ended) for one in reversed(self.reader.recent(99))]


def turns(mirror: Mirror, until: Callable[[Scene], object]) -> Scene:
    """Turns until a scene is as wanted.

    A turn takes about a millisecond of real time, so 2,000 of them can be over before a thread has
    opened a device: threads are given PATIENCE_S as well.
    """
    gives_up_s = time.monotonic() + PATIENCE_S
    for turn in itertools.count(1):
        scene = mirror.turn()
        assert scene is not None, "the mirror wants to leave"
        if until(scene):
            return scene
        if turn >= 2000 and time.monotonic() >= gives_up_s:
            break
    pytest.fail("it never came to that")


def counted(number: int) -> Callable[[Scene], bool]:
    return lambda scene: scene.snapshot is not None and scene.snapshot.count >= number


def in_stage(stage: Stage) -> Callable[[Scene], bool]:
    return lambda scene: scene.snapshot is not None and scene.snapshot.stage is stage


def over(mirror: Mirror) -> Callable[[Scene], bool]:
    return lambda scene: mirror.ended


def reading(mirror: Mirror) -> str:
    """Every text of the picture that is on the screen."""
    parts = mirror.display.current.screen.canvas.parts.values()
    return " ".join(part.key.text for part in parts if isinstance(part.key, Line))


def warned(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged as worse than news."""
    return [line.getMessage() for line in caplog.records if line.levelno >= logging.WARNING]
