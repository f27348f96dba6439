"""The whole kiosk as systemd sees it: what pings the watchdog and what lets it starve."""

import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from doubles import FakeClock, ScriptedEstimator, blank_frame
from kiosk.app import mirror as app
from kiosk.app import parts
from kiosk.app.mirror import Mirror
from kiosk.app.parts import Factories, MirrorOptions
from kiosk.errors import CameraError
from kiosk.settings import HistorySettings, ScreenSettings, Settings, SoundSettings
from kiosk.system.watchdog import ATTEMPT_S, FRAME_S, POSE_S, Heartbeats
from kiosk.ui.screen.display import Pacer
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.camera.live import LiveSource

PATIENCE_S = 30.0


class Stuck:
    """Something that is passed so many times and then holds whoever comes, until it is let go."""

    def __init__(self, passes: int) -> None:
        self.holds = threading.Event()
        self._passes = passes
        self._let_go = threading.Event()

    def come(self) -> None:
        if self._passes > 0:
            self._passes -= 1
            return
        self.holds.set()
        assert self._let_go.wait(PATIENCE_S)

    def held(self) -> bool:
        return self.holds.wait(PATIENCE_S)

    def let_go(self) -> None:
        self._let_go.set()


class StuckCamera:
    """A camera whose driver does not return after a frame, as a wedged one's does not."""

    name = "stuck camera"

    def __init__(self, stuck: Stuck) -> None:
        self._stuck = stuck
        self._frames = 0

    def read(self) -> Frame:
        self._stuck.come()
        self._frames += 1
        return blank_frame(float(self._frames))

    def close(self) -> None:
        self._stuck.let_go()


class Watched:
    """A kiosk that draws on a clock of the test's."""

    def __init__(self, folder: Path, heard: Callable[[], list[str]]) -> None:
        self.clock = FakeClock(1000.0)
        self._heard = heard
        self._settings = Settings(
            screen=ScreenSettings(width=480, height=800, fullscreen=False),
            sound=SoundSettings(enabled=False),
            history=HistorySettings(folder=str(folder)),
        )

    def kiosk(
        self, opener: Callable[[], FrameSource], factories: Factories | None = None
    ) -> Mirror:
        options = MirrorOptions(on_screen=False, factories=factories or Factories())
        return Mirror(self._settings, opener, options, clock=self.clock)

    def feeds(self, kiosk: Mirror, seconds: float) -> bool:
        """Whether the picture that is drawn so much later feeds the watchdog."""
        self._heard()
        self.clock.advance(seconds)
        assert kiosk.turn() is not None
        return "WATCHDOG=1" in self._heard()


_count = itertools.count()


def thinking(camera: int, gives_frames: bool, perception: int, ended: bool) -> Heartbeats:
    """The signs of a mirror whose looking thread goes on, however fast the test's clock runs."""
    return Heartbeats(camera, gives_frames, next(_count), ended)


def filming(camera: int, gives_frames: bool, perception: int, ended: bool) -> Heartbeats:
    """The signs of a mirror whose camera goes on."""
    return Heartbeats(next(_count), True, perception, ended)


@pytest.fixture
def watched(
    tmp_path: Path, heard: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watched]:
    monkeypatch.setattr(parts, "load_estimator", lambda *_: (ScriptedEstimator([]), "scripted"))
    monkeypatch.setattr(parts, "open_back_observer", lambda: None)
    monkeypatch.setattr(Pacer, "wait", lambda *_, **__: None)
    before = set(threading.enumerate())
    yield Watched(tmp_path / "history", heard)
    assert set(threading.enumerate()) <= before


def test_a_wedged_camera_starves_the_watchdog(watched: Watched) -> None:
    stuck = Stuck(passes=1)
    with watched.kiosk(lambda: StuckCamera(stuck)) as kiosk:
        assert stuck.held()
        assert watched.feeds(kiosk, 0.0)
        assert watched.feeds(kiosk, FRAME_S)
        assert not watched.feeds(kiosk, 0.1)
        assert not watched.feeds(kiosk, 60.0)
        stuck.let_go()


def test_a_camera_that_never_opens_starves_the_watchdog(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "Heartbeats", thinking)
    stuck = Stuck(passes=0)

    def opener() -> FrameSource:
        stuck.come()
        raise CameraError("no camera")

    with watched.kiosk(opener) as kiosk:
        assert stuck.held()
        assert watched.feeds(kiosk, 0.0)
        assert watched.feeds(kiosk, ATTEMPT_S)
        assert not watched.feeds(kiosk, 0.1)
        stuck.let_go()


def test_a_camera_that_is_missing_keeps_the_mirror_alive(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, again = threading.Semaphore(0), threading.Semaphore(0)

    def wait(seconds: float) -> bool:
        tried.release()
        assert again.acquire(timeout=PATIENCE_S)
        return False

    def opener() -> FrameSource:
        raise CameraError("no camera at all")

    monkeypatch.setattr(app, "Heartbeats", thinking)
    cameras: list[LiveSource] = []

    def camera(opener: Callable[[], FrameSource], prepare: Callable[[Frame], None]) -> LiveSource:
        cameras.append(LiveSource(opener, wait, prepare))
        return cameras[-1]

    with watched.kiosk(opener, Factories(camera=camera)) as kiosk:
        for _ in range(50):
            assert tried.acquire(timeout=PATIENCE_S)
            assert watched.feeds(kiosk, 8.0)
            again.release()
        assert tried.acquire(timeout=PATIENCE_S)
        assert watched.feeds(kiosk, ATTEMPT_S)
        assert not watched.feeds(kiosk, 0.1)  # nobody tries any more
        kiosk.stop()
        cameras[0].stop()
        again.release()


def test_a_model_that_hangs_starves_the_watchdog(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = Stuck(passes=0)

    class Hanging(ScriptedEstimator):
        def estimate(self, frame: Frame) -> None:
            stuck.come()
            raise CameraError("let go")

    monkeypatch.setattr(app, "Heartbeats", filming)
    monkeypatch.setattr(parts, "load_estimator", lambda *_: (Hanging([]), "hanging"))
    still = Stuck(passes=1)
    with watched.kiosk(lambda: StuckCamera(still)) as kiosk:
        assert stuck.held()
        assert still.held()
        assert watched.feeds(kiosk, 0.0)
        assert watched.feeds(kiosk, POSE_S)
        assert not watched.feeds(kiosk, 0.1)
        stuck.let_go()
        still.let_go()


def test_a_new_releases_trial_learns_that_frames_come_and_that_one_was_judged(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))

    def left() -> set[str]:
        return {path.name for path in tmp_path.iterdir() if path.is_file()}

    judging, still = Stuck(passes=0), Stuck(passes=3)

    class Slow(ScriptedEstimator):
        def estimate(self, frame: Frame) -> None:
            judging.come()
            return super().estimate(frame)

    monkeypatch.setattr(parts, "load_estimator", lambda *_: (Slow([]), "slow"))
    with watched.kiosk(lambda: StuckCamera(still)) as kiosk:
        kiosk.turn()
        assert judging.held()
        kiosk.turn()
        assert left() == {"frame"}
        judging.let_go()
        assert still.held()
        while kiosk.pipeline.snapshot is None:
            kiosk.pipeline.news.wait(PATIENCE_S)
        kiosk.turn()
        assert left() == {"frame", "judged"}
        still.let_go()


def test_systemd_hears_of_the_first_picture_and_of_the_end(
    watched: Watched, heard: Callable[[], list[str]]
) -> None:
    still = Stuck(passes=1)
    with watched.kiosk(lambda: StuckCamera(still)) as kiosk:
        assert heard() == []
        assert kiosk.turn() is not None
        assert heard()[0] == "READY=1"
        still.let_go()
    assert heard()[-1] == "STOPPING=1"
