"""Which frames are observed, at once and in a thread, and what happens when that fails."""

import threading

import numpy as np
import pytest
from msgspec.structs import replace

from kiosk.body.back import BackProfile, Reason
from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Keypoint, Pose
from kiosk.body.state import BodyState
from kiosk.coaching.back_reference import LEAST_READINGS
from kiosk.vision.back.back_worker import MOST_EARLY, MOST_WAITING, BackWorker, ThreadedBack
from kiosk.vision.camera.frame import Frame
from people import hinges


class Observer:
    """Sees the lean in place of a back; waits at the gate and breaks when a test wants it."""

    def __init__(self) -> None:
        self.rooms: list[float] = []
        self.bodies: list[BodyState] = []
        self.gate = threading.Event()
        self.gate.set()
        self.broken = False

    def update_background(self, frame: Frame) -> None:
        self.rooms.append(frame.time_s)

    def observe(self, frame: Frame, pose: Pose, body: BodyState) -> BackProfile | Reason:
        self.gate.wait(5)
        if self.broken:
            raise RuntimeError("the lens is gone")
        self.bodies.append(body)
        return Reason.UNCLEAR


def show(back: BackWorker, *, empty: bool = False, most_yaw_deg: float | None = 25.0) -> None:
    bodies = BodyObserver()
    picture = np.zeros((4, 4, 4), np.uint8)
    for pose in hinges(2, yaw_deg=20.0):
        body = None if empty else bodies.observe(pose)
        back.submit(Frame(picture, pose.time_s), pose, body, empty=empty, most_yaw_deg=most_yaw_deg)


def test_a_rep_gets_a_few_looks_and_the_same_ones_every_time() -> None:
    times = []
    for _ in range(2):
        back = BackWorker(Observer())  # type: ignore[arg-type]  # a double of the observer
        show(back)
        times.append([reading.time_s for reading in back.poll()])
        assert back.poll() == []
    assert times[0] == times[1]
    assert 12 <= len(times[0]) <= 30


def from_the_floor(observer: Observer, *, rest_s: float = 0.0, leaves: bool = False) -> BackWorker:
    """Somebody first seen at the bottom of a hinge, who may rest there; or who is gone at once."""
    back, bodies = BackWorker(observer), BodyObserver()  # type: ignore[arg-type]  # a double
    poses = list(hinges(1, yaw_deg=20.0))
    lowest = max(range(len(poses)), key=lambda k: poses[k].marks[Keypoint.LEFT_SHOULDER][1])
    rests = [replace(poses[lowest], time_s=k / 15) for k in range(round(rest_s * 15))]
    rises = [replace(p, time_s=len(rests) / 15 + k / 15) for k, p in enumerate(poses[lowest:])]
    picture = np.zeros((4, 4, 4), np.uint8)
    for pose in [*rests, *rises]:
        body = bodies.observe(pose)
        gone = leaves and body is not None and body.standing is not None
        frame = Frame(picture, pose.time_s)
        back.submit(frame, pose, None if gone else body, empty=gone, most_yaw_deg=25.0)
    return back


@pytest.mark.parametrize("rest_s", [0.0, 20.0])
def test_the_first_lift_from_the_floor_is_observed_once_its_lifter_has_stood(
    rest_s: float,
) -> None:
    observer = Observer()
    found = from_the_floor(observer, rest_s=rest_s).poll()
    assert LEAST_READINGS <= len(found) <= MOST_EARLY
    assert {reading.back for reading in found} == {Reason.UNCLEAR}
    assert all(body.standing is not None for body in observer.bodies)
    assert all(body.trunk_lean_deg is not None for body in observer.bodies)
    assert all(reading.yaw_deg < 25 for reading in found)


def test_nobody_is_observed_by_how_somebody_else_stands() -> None:
    assert from_the_floor(Observer(), leaves=True).poll() == []


def test_the_empty_room_is_learnt_and_not_looked_at() -> None:
    observer = Observer()
    back = BackWorker(observer)  # type: ignore[arg-type]  # a double of the observer
    show(back, empty=True)
    assert observer.rooms
    assert back.poll() == []


def test_looks_aside_come_back_later_and_never_keep_the_count_waiting() -> None:
    observer = Observer()
    observer.gate.clear()
    back = ThreadedBack(observer)  # type: ignore[arg-type]  # a double of the observer
    back.start()
    show(back)  # comes back although the observer waits at its gate
    assert back.poll() == []
    observer.gate.set()
    back.close()
    found = back.poll()
    assert 1 <= len(found) <= MOST_WAITING + 1


def test_an_observer_that_breaks_is_logged_once_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    observer = Observer()
    observer.broken = True
    back = ThreadedBack(observer)  # type: ignore[arg-type]  # a double of the observer
    back.start()
    show(back)
    back.close()
    show(back)
    back.close()
    assert back.poll() == []
    assert [r.getMessage() for r in caplog.records] == ["the back line has stopped"]


def test_whoever_is_turned_too_far_is_answered_without_being_observed() -> None:
    observer = Observer()
    observer.broken = True
    back = BackWorker(observer)  # type: ignore[arg-type]  # a double of the observer
    show(back, most_yaw_deg=15.0)
    found = back.poll()
    assert len(found) >= 6
    assert {reading.back for reading in found} == {Reason.TURN_SIDE_ON}
    assert all(reading.yaw_deg > 15 for reading in found)


def test_without_a_check_of_the_back_nobody_is_observed() -> None:
    observer = Observer()
    observer.broken = True
    back = BackWorker(observer)  # type: ignore[arg-type]  # a double of the observer
    show(back, most_yaw_deg=None)
    assert back.poll() == []
    show(back, empty=True, most_yaw_deg=None)
    assert observer.rooms
