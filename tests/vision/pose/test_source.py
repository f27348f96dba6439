"""Where poses come from: pictures through a model, or a trace."""

from pathlib import Path

import pytest

from doubles import FakeCamera, ScriptedEstimator, blank_frame
from kiosk.body.pose import Pose
from kiosk.errors import CameraError
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.movenet import MoveNet
from kiosk.vision.pose.source import SeenPoses, TracedPoses
from kiosk.vision.pose.trace import read_trace, write_trace
from people import figure, film


class Estimator(MoveNet):
    """Sees a standing figure in every picture, and notes what is done with its crop."""

    def __init__(self) -> None:
        self.last_invoke_s = 0.25
        self.held = False
        self.told: list[str] = []

    def estimate(self, frame: Frame) -> Pose:
        return figure(frame.time_s)

    @property
    def crop_held(self) -> bool:
        return self.held

    def hold_crop(self) -> bool:
        self.told.append("hold")
        self.held = True
        return True

    def release_crop(self) -> None:
        self.told.append("release")
        self.held = False


def test_every_picture_gives_a_pose_with_its_time() -> None:
    poses = SeenPoses(FakeCamera([blank_frame(0.0), blank_frame(0.5)]), Estimator())
    times = []
    while (pose := poses.read()) is not None:
        times.append(pose.time_s)
        assert poses.invoke_s == 0.25
        assert poses.capture_s >= 0
    assert times == [0.0, 0.5]
    assert poses.read() is None


def test_a_lost_camera_passes_through_and_may_come_back() -> None:
    script = [blank_frame(0.0), CameraError("camera 0: unplugged"), blank_frame(2.0)]
    poses = SeenPoses(FakeCamera(script), Estimator())
    assert poses.read() is not None
    with pytest.raises(CameraError, match="unplugged"):
        poses.read()
    pose = poses.read()
    assert pose is not None
    assert pose.time_s == 2.0


def test_the_crop_is_held_once_for_a_set_and_let_go_after_it() -> None:
    estimator = Estimator()
    poses = SeenPoses(FakeCamera([]), estimator)
    poses.steady(stands_still=False, wanted=True)
    assert estimator.told == []
    poses.steady(stands_still=True, wanted=True)
    poses.steady(stands_still=True, wanted=True)
    poses.steady(stands_still=False, wanted=True)
    assert estimator.told == ["hold"]
    poses.steady(stands_still=True, wanted=False)
    assert estimator.told == ["hold", "release"]


def test_a_crop_that_let_go_in_mid_set_is_held_again_at_the_next_stillness() -> None:
    estimator = Estimator()
    poses = SeenPoses(FakeCamera([]), estimator)
    poses.steady(stands_still=True, wanted=True)
    estimator.held = False
    poses.steady(stands_still=False, wanted=True)
    assert estimator.told == ["hold"]
    poses.steady(stands_still=True, wanted=True)
    assert estimator.told == ["hold", "hold"]


def test_it_looks_aside_only_when_asked_and_twice_a_second() -> None:
    frames = [blank_frame(n / 4) for n in range(8)]
    script = [figure(frame.time_s) for frame in frames]
    others = [figure(frame.time_s, feet=(520.0, 440.0)) for frame in frames]
    poses = SeenPoses(FakeCamera(frames), ScriptedEstimator(script, others))
    found = []
    for wanted in (False, False, True, True, True, True, False, False):
        poses.check_bystander(wanted=wanted)
        pose = poses.read()
        assert pose is not None
        found.append(pose.bystander)
    assert found == [None, None, True, None, True, None, None, None]


def test_closing_closes_the_camera() -> None:
    camera = FakeCamera([blank_frame(0.0)])
    poses = SeenPoses(camera, Estimator())
    poses.close()
    poses.close()
    assert camera.closed


def test_a_trace_gives_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "set.npz"
    written = film(1, figure)
    write_trace(path, written)
    poses = TracedPoses(read_trace(path))
    read = []
    while (pose := poses.read()) is not None:
        poses.steady(stands_still=True, wanted=True)
        poses.check_bystander(wanted=True)
        read.append(pose)
    poses.close()
    assert [pose.time_s for pose in read] == [pose.time_s for pose in written]
    assert {pose.bystander for pose in read} == {None}
    assert poses.read() is None
