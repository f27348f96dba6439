"""No camera, a lost one, a hung one: the set so far is kept, and it is told until it is back."""

import threading
from functools import partial

import pytest

from kiosk.app import mirror as app
from kiosk.coaching.snapshot import Stage
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.camera.live import LiveSource
from mirror_harness import (
    LOST,
    PATIENCE_S,
    WORDS,
    MirrorHarness,
    counted,
    in_stage,
    over,
    reading,
    turns,
    warned,
)


class Socket:
    """Where a camera is plugged in; an attempt to open it waits for the next plug."""

    def __init__(self, mirror: MirrorHarness, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plugged, self.seen_again = threading.Event(), threading.Event()
        self._mirror = mirror
        monkeypatch.setattr(app, "LiveSource", partial(LiveSource, wait=self._wait))

    def _wait(self, seconds: float) -> bool:
        self._mirror.mailbox.give_up()
        assert self.plugged.wait(PATIENCE_S)
        return False

    def plug(self) -> None:
        self.plugged.set()
        assert self.seen_again.wait(PATIENCE_S)


@pytest.fixture
def socket(mirror: MirrorHarness, monkeypatch: pytest.MonkeyPatch) -> Socket:
    return Socket(mirror, monkeypatch)


def test_a_camera_missing_at_the_start_is_a_page_until_it_is_plugged_in(
    mirror: MirrorHarness, socket: Socket, caplog: pytest.LogCaptureFixture
) -> None:
    def opener() -> FrameSource:
        if not socket.plugged.is_set():
            raise LOST
        camera = mirror.camera()
        socket.seen_again.set()
        return camera

    with mirror.kiosk(opener) as kiosk:
        turns(kiosk, lambda scene: scene.vision_fault)
        assert WORDS("fault.camera.title") in reading(kiosk)
        assert WORDS("fault.camera.line") in reading(kiosk)
        assert WORDS("waiting.line") not in reading(kiosk)
        socket.plug()
        turns(kiosk, lambda scene: not scene.vision_fault)
        turns(kiosk, over(kiosk))
    assert mirror.stored() == [("hip_hinge", 4, "walked_off")]
    assert warned(caplog) == [str(LOST)]


def test_a_camera_lost_in_mid_set_closes_the_set_and_comes_back(
    mirror: MirrorHarness, socket: Socket, caplog: pytest.LogCaptureFixture
) -> None:
    def opener() -> FrameSource:
        if not socket.plugged.is_set():
            until_lost = [frame for frame in mirror.film() if frame.time_s < 10.0]
            return mirror.camera([*until_lost, LOST])
        camera = mirror.camera(mirror.film(start_s=10.0))
        socket.seen_again.set()
        return camera

    notice = WORDS("notice.camera")
    with mirror.kiosk(opener) as kiosk:
        scene = turns(kiosk, counted(2))
        assert scene.notices == ()
        turns(kiosk, in_stage(Stage.SUMMARY))
        assert notice in turns(kiosk, lambda scene: scene.notices).notices
        assert notice in reading(kiosk)
        assert WORDS("fault.camera.line") not in reading(kiosk)  # the set is not covered by it
        socket.plug()
        turns(kiosk, lambda scene: not scene.notices)
        turns(kiosk, over(kiosk))
    assert mirror.stored() == [("hip_hinge", 2, "interrupted"), ("hip_hinge", 2, "walked_off")]
    assert warned(caplog) == [str(LOST)]


class HungCamera:
    """A driver that does not return from a read, until it is let go."""

    name = "hung camera"

    def __init__(self, mirror: MirrorHarness) -> None:
        self.let_go = threading.Event()
        self._frames = iter(mirror.film())
        self._hush = mirror.mailbox.hush

    def read(self) -> Frame | None:
        frame = next(self._frames, None)
        if frame is not None and frame.time_s >= 10.0 and not self.let_go.is_set():
            self._hush(silent=True)
            assert self.let_go.wait(PATIENCE_S)
            self._hush(silent=False)
        return frame

    def close(self) -> None:
        self.let_go.set()


def test_a_camera_that_hangs_closes_the_set_and_is_told_of(
    mirror: MirrorHarness, caplog: pytest.LogCaptureFixture
) -> None:
    camera = HungCamera(mirror)
    with mirror.kiosk(lambda: mirror.lockstep.camera(camera)) as kiosk:
        turns(kiosk, counted(2))
        turns(kiosk, in_stage(Stage.SUMMARY))
        turns(kiosk, lambda scene: scene.vision_fault == "camera")
        assert WORDS("notice.camera") in reading(kiosk)
        camera.let_go.set()
        turns(kiosk, lambda scene: not scene.vision_fault)
    assert mirror.stored()[0] == ("hip_hinge", 2, "interrupted")
    (line,) = warned(caplog)
    assert "hung camera hangs" in line


def test_a_camera_that_is_still_being_opened_is_no_fault(
    mirror: MirrorHarness, caplog: pytest.LogCaptureFixture
) -> None:
    opening, opened = threading.Event(), threading.Event()

    def opener() -> FrameSource:
        opening.set()
        mirror.mailbox.give_up()
        assert opened.wait(PATIENCE_S)
        return mirror.camera()

    with mirror.kiosk(opener) as kiosk:
        assert opening.wait(PATIENCE_S)
        scene = kiosk.turn()
        assert scene is not None
        assert (scene.snapshot, scene.vision_fault, scene.notices) == (None, None, ())
        assert WORDS("starting.title") in reading(kiosk)
        opened.set()
    assert warned(caplog) == []
