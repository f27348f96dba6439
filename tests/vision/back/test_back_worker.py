"""Which frames are looked at, at once and aside, and what happens when the eye fails."""

import threading

import numpy as np
import pytest

from kiosk.body.back import BackProfile, Reason
from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Pose
from kiosk.body.state import BodyState
from kiosk.vision.back.back_worker import MOST_WAITING, BackWorker, InlineBack, ThreadedBack
from kiosk.vision.camera.frame import Frame
from people import hinges


class Eye:
    """Sees the lean in place of a back; waits at the gate and breaks when told to."""

    def __init__(self) -> None:
        self.rooms: list[float] = []
        self.gate = threading.Event()
        self.gate.set()
        self.broken = False

    def update_background(self, frame: Frame) -> None:
        self.rooms.append(frame.time_s)

    def observe(self, frame: Frame, pose: Pose, body: BodyState) -> BackProfile | Reason:
        self.gate.wait(5)
        if self.broken:
            raise RuntimeError("the lens is gone")
        return Reason.UNCLEAR


def show(watch: BackWorker, *, empty: bool = False) -> None:
    observer = BodyObserver()
    picture = np.zeros((4, 4, 4), np.uint8)
    for pose in hinges(2):
        body = None if empty else observer.observe(pose)
        watch.see(Frame(picture, pose.time_s), pose, body, empty=empty)


def test_a_rep_gets_a_few_looks_and_the_same_ones_every_time() -> None:
    times = []
    for _ in range(2):
        watch = InlineBack(Eye())  # type: ignore[arg-type]  # a double of the eye
        show(watch)
        times.append([look.time_s for look in watch.looks()])
        assert watch.looks() == []
    assert times[0] == times[1]
    assert 6 <= len(times[0]) <= 16


def test_the_empty_room_is_learnt_and_not_looked_at() -> None:
    eye = Eye()
    watch = InlineBack(eye)  # type: ignore[arg-type]  # a double of the eye
    show(watch, empty=True)
    assert eye.rooms
    assert watch.looks() == []


def test_looks_aside_come_back_later_and_never_keep_the_count_waiting() -> None:
    eye = Eye()
    eye.gate.clear()
    watch = ThreadedBack(eye)  # type: ignore[arg-type]  # a double of the eye
    show(watch)  # comes back although the eye waits at its gate
    assert watch.looks() == []
    eye.gate.set()
    watch.close()
    found = watch.looks()
    assert 1 <= len(found) <= MOST_WAITING + 1


def test_an_eye_that_breaks_is_told_of_once_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    eye = Eye()
    eye.broken = True
    watch = ThreadedBack(eye)  # type: ignore[arg-type]  # a double of the eye
    show(watch)
    watch.close()
    show(watch)
    watch.close()
    assert watch.looks() == []
    assert [r.getMessage() for r in caplog.records] == ["the back line has stopped"]
