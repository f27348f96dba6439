"""No camera, a lost one, a hung one: the set so far is kept, and it is shown until it is back."""

import threading
from functools import partial

import pytest

from kiosk.app import parts as parts_module
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

    def __init__(self, harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plugged, self.seen_again = threading.Event(), threading.Event()
        self._mirror = harness
        monkeypatch.setattr(parts_module, "LiveSource", partial(LiveSource, wait=self._wait))

    def _wait(self, seconds: float) -> bool:
        self._mirror.mailbox.give_up()
        assert self.plugged.wait(PATIENCE_S)
        return False

    def plug(self) -> None:
        self.plugged.set()
        assert self.seen_again.wait(PATIENCE_S)


@pytest.fixture
def socket(harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch) -> Socket:
    return Socket(harness, monkeypatch)


def test_a_camera_missing_at_the_start_is_a_page_until_it_is_plugged_in(
    harness: MirrorHarness, socket: Socket, caplog: pytest.LogCaptureFixture
) -> None:
    def opener() -> FrameSource:
        if not socket.plugged.is_set():
            raise LOST
        camera = harness.camera()
        socket.seen_again.set()
        return camera

    with harness.mirror(opener) as mirror:
        turns(mirror, lambda scene: scene.vision_fault)
        assert WORDS("fault.camera.title") in reading(mirror)
        assert WORDS("fault.camera.line") in reading(mirror)
        assert WORDS("waiting.line") not in reading(mirror)
        socket.plug()
        turns(mirror, lambda scene: not scene.vision_fault)
        turns(mirror, over(mirror))
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    assert warned(caplog) == [str(LOST)]


def test_a_camera_lost_in_mid_set_closes_the_set_and_comes_back(
    harness: MirrorHarness, socket: Socket, caplog: pytest.LogCaptureFixture
) -> None:
    def opener() -> FrameSource:
        if not socket.plugged.is_set():
            until_lost = [frame for frame in harness.film() if frame.time_s < 10.0]
            return harness.camera([*until_lost, LOST])
        camera = harness.camera(harness.film(start_s=10.0))
        socket.seen_again.set()
        return camera

    notice = WORDS("notice.camera")
    with harness.mirror(opener) as mirror:
        scene = turns(mirror, counted(2))
        assert scene.notices == ()
        turns(mirror, in_stage(Stage.SUMMARY))
        assert notice in turns(mirror, lambda scene: scene.notices).notices
        assert notice in reading(mirror)
        assert WORDS("fault.camera.line") not in reading(mirror)  # the set is not covered by it
        socket.plug()
        turns(mirror, lambda scene: not scene.notices)
        turns(mirror, over(mirror))
    assert harness.stored() == [("hip_hinge", 2, "interrupted"), ("hip_hinge", 2, "walked_off")]
    assert warned(caplog) == [str(LOST)]


class HungCamera:
    """A driver that does not return from a read, until it is let go."""

    name = "hung camera"

    def __init__(self, harness: MirrorHarness) -> None:
        self.let_go = threading.Event()
        self._frames = iter(harness.film())
        self._hush = harness.mailbox.hush

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
    harness: MirrorHarness, caplog: pytest.LogCaptureFixture
) -> None:
    camera = HungCamera(harness)
    with harness.mirror(lambda: harness.lockstep.camera(camera)) as mirror:
        turns(mirror, counted(2))
        turns(mirror, in_stage(Stage.SUMMARY))
        turns(mirror, lambda scene: scene.vision_fault == "camera")
        assert WORDS("notice.camera") in reading(mirror)
        camera.let_go.set()
        turns(mirror, lambda scene: not scene.vision_fault)
    assert harness.stored()[0] == ("hip_hinge", 2, "interrupted")
    (line,) = warned(caplog)
    assert "hung camera hangs" in line


def test_a_camera_that_is_still_being_opened_is_no_fault(
    harness: MirrorHarness, caplog: pytest.LogCaptureFixture
) -> None:
    opening, opened = threading.Event(), threading.Event()

    def opener() -> FrameSource:
        opening.set()
        harness.mailbox.give_up()
        assert opened.wait(PATIENCE_S)
        return harness.camera()

    with harness.mirror(opener) as mirror:
        assert opening.wait(PATIENCE_S)
        scene = mirror.turn()
        assert scene is not None
        assert (scene.snapshot, scene.vision_fault, scene.notices) == (None, None, ())
        assert WORDS("starting.title") in reading(mirror)
        opened.set()
    assert warned(caplog) == []
