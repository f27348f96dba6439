"""Poses of pictures through a model or of a trace, and who stands beside the person."""

import json
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from doubles import FakeCamera, ScriptedEstimator, StubEstimator, blank_frame, frame_of
from kiosk.body.follower import Follower
from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Keypoint, Pose, near_side_score
from kiosk.errors import CameraError
from kiosk.vision.camera.frame import Frame
from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.pose.crop import CropRegion, CropTracker, crop_for
from kiosk.vision.pose.idle import MAYBE, QUIET_S
from kiosk.vision.pose.movenet import MoveNet
from kiosk.vision.pose.source import (
    BEFORE_S,
    COMPARABLE,
    SEEN,
    BystanderDetector,
    SeenPoses,
    TracedPoses,
)
from kiosk.vision.pose.trace import read_trace, write_trace
from paths import GOLDEN
from people import figure, film, nobody

REFERENCE = json.loads((GOLDEN / "hinge.json").read_text())
FRAME = blank_frame(1.0)


class NotedCrop(CropTracker):
    """Notes what is done with it; `lets_go` is what it does by itself when the person leaves."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []
        self._holds = False

    @property
    def held(self) -> bool:
        return self._holds

    def hold(self) -> bool:
        self.calls.append("hold")
        self._holds = True
        return True

    def release(self) -> None:
        self.calls.append("release")
        self._holds = False

    def lets_go(self) -> None:
        self._holds = False


class Somebody(StubEstimator):
    """Sees a standing figure from 20 s on."""

    def estimate(self, frame: Frame) -> Pose:
        return figure(frame.time_s) if frame.time_s >= 20.0 else super().estimate(frame)


class Estimator(StubEstimator):
    """Sees a standing figure in every picture."""

    def __init__(self) -> None:
        self.last_invoke_s = 0.25
        self.crop: NotedCrop = NotedCrop()

    def estimate(self, frame: Frame) -> Pose:
        return figure(frame.time_s)


@pytest.mark.parametrize(("live", "empty"), [(True, True), (True, False), (False, True)])
def test_the_model_rests_before_a_camera_and_an_empty_room_and_nowhere_else(
    live: bool, empty: bool
) -> None:
    frames = [blank_frame(n / 30, (128, 96)) for n in range(900)]
    poses = SeenPoses(FakeCamera(frames), StubEstimator, live=live)
    poses.rest(empty=empty)
    looked, skipped, times = 0, 0, []
    while (pose := poses.read()) is not None:
        looked, skipped = looked + poses.looked, skipped + poses.skipped
        times.append(pose.time_s)
    assert times == pytest.approx([frame.time_s for frame in frames])
    if live and empty:  # every frame at first, then a few
        assert QUIET_S * 30 < looked < 0.25 * len(frames) < skipped
    else:
        assert (looked, skipped) == (len(frames), 0)


def test_whoever_enters_while_the_model_rests_is_found() -> None:
    still = [blank_frame(n / 30, (128, 96)) for n in range(600)]
    enters = [frame_of(figure(20.0 + n / 30), (128, 96)) for n in range(30)]
    poses = SeenPoses(FakeCamera([*still, *enters]), Somebody, live=True)
    poses.rest(empty=True)
    found_s = []
    while (pose := poses.read()) is not None:
        if near_side_score(pose) > MAYBE:
            found_s.append(pose.time_s)
    assert 20.0 <= found_s[0] < 20.1
    assert len(found_s) >= 27


def test_every_picture_gives_a_pose_with_its_time() -> None:
    poses = SeenPoses(FakeCamera([blank_frame(0.0), blank_frame(0.5)]), Estimator)
    times = []
    while (pose := poses.read()) is not None:
        times.append(pose.time_s)
        assert poses.invoke_s == 0.25
        assert poses.capture_s >= 0
    assert times == [0.0, 0.5]
    assert poses.read() is None


def test_a_lost_camera_passes_through_and_may_come_back() -> None:
    script = [blank_frame(0.0), CameraError("camera 0: unplugged"), blank_frame(2.0)]
    poses = SeenPoses(FakeCamera(script), Estimator)
    assert poses.read() is not None
    with pytest.raises(CameraError, match="unplugged"):
        poses.read()
    pose = poses.read()
    assert pose is not None
    assert pose.time_s == 2.0


def test_the_crop_is_held_once_for_a_set_and_let_go_after_it() -> None:
    estimator = Estimator()
    poses = SeenPoses(FakeCamera([]), lambda: estimator)
    poses.steady(stands_still=False, wanted=True)
    assert estimator.crop.calls == []
    poses.steady(stands_still=True, wanted=True)
    poses.steady(stands_still=True, wanted=True)
    poses.steady(stands_still=False, wanted=True)
    assert estimator.crop.calls == ["hold"]
    poses.steady(stands_still=True, wanted=False)
    assert estimator.crop.calls == ["hold", "release"]


def test_a_crop_that_let_go_in_mid_set_is_held_again_at_the_next_stillness() -> None:
    estimator = Estimator()
    poses = SeenPoses(FakeCamera([]), lambda: estimator)
    poses.steady(stands_still=True, wanted=True)
    estimator.crop.lets_go()
    poses.steady(stands_still=False, wanted=True)
    assert estimator.crop.calls == ["hold"]
    poses.steady(stands_still=True, wanted=True)
    assert estimator.crop.calls == ["hold", "hold"]


def test_it_looks_aside_only_when_asked_and_as_often() -> None:
    frames = [blank_frame(n / 4) for n in range(8)]
    script = [figure(frame.time_s) for frame in frames]
    others = [figure(frame.time_s, feet=(520.0, 440.0)) for frame in frames]
    estimator = ScriptedEstimator(script, others)
    poses = SeenPoses(FakeCamera(frames), lambda: estimator)
    found = []
    for every_s in (None, None, 0.5, 0.5, 0.5, 0.5, None, None):
        poses.check_bystander(every_s)
        pose = poses.read()
        assert pose is not None
        found.append(pose.bystander)
    assert found == [None, None, True, None, True, None, None, None]


def followed() -> Follower:
    """Whoever stood in the middle for three seconds."""
    follower, observer = Follower(), BodyObserver()
    for pose in film(3, figure):
        body = observer.observe(pose)
        follower.accepts(pose, body and body.standing)
    return follower


def looked_past(first: Pose, again: Pose) -> tuple[Pose, ScriptedEstimator]:
    estimator = ScriptedEstimator([first], [again])
    poses = SeenPoses(FakeCamera([blank_frame(first.time_s)]), lambda: estimator)
    poses.follow(followed())
    pose = poses.read()
    assert pose is not None
    return pose, estimator


def test_where_somebody_else_was_found_the_person_is_looked_for_again() -> None:
    mine, other = figure(3.1, lean_deg=10.0), figure(3.1, feet=(520.0, 440.0))
    pose, estimator = looked_past(other, mine)
    assert pose is mine
    assert estimator.crop.next_region(mine.size) == crop_for(mine)
    assert looked_past(mine, other)[0] is mine


@pytest.mark.parametrize("again", [nobody(3.1), figure(3.1, feet=(120.0, 440.0))])
def test_a_second_look_that_does_not_find_the_person_changes_nothing(again: Pose) -> None:
    other = figure(3.1, feet=(520.0, 440.0))
    pose, estimator = looked_past(other, again)
    assert pose is other
    ((columns, region),) = estimator.asked
    # the other is painted over, the person is not and stands in the picture
    assert columns[0] < 520.0 < columns[1]
    assert columns[0] > 340.0
    assert region is not None
    assert region.x0 < 320.0 - 0.5 * 300.0
    assert region.y0 < 140.0
    assert region.y0 + region.side > 440.0


@pytest.mark.parametrize("first", [figure(3.1), nobody(3.1), figure(3.1, stature_px=390.0)])
def test_no_frame_is_looked_at_twice_that_a_second_look_cannot_mend(first: Pose) -> None:
    pose, estimator = looked_past(first, figure(3.1))
    assert pose is first
    assert estimator.asked == []


def test_closing_closes_the_camera() -> None:
    camera = FakeCamera([blank_frame(0.0)])
    poses = SeenPoses(camera, Estimator)
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
        poses.check_bystander(BEFORE_S)
        read.append(pose)
    poses.close()
    assert [pose.time_s for pose in read] == [pose.time_s for pose in written]
    assert {pose.bystander for pose in read} == {None}
    assert poses.read() is None


class Finds(ScriptedEstimator):
    """Finds one and the same pose, and notes which columns were painted over."""

    def __init__(self, found: Pose) -> None:
        self.found = found
        self.hidden: list[tuple[float, float]] = []

    def estimate_without(
        self, frame: Frame, hidden: tuple[float, float], region: CropRegion | None = None
    ) -> Pose:
        self.hidden.append(hidden)
        return self.found


def checked(found: Pose, followed: Pose | None = None) -> bool | None:
    return BystanderDetector(Finds(found)).check(FRAME, followed or figure(1.0), BEFORE_S)


@pytest.mark.parametrize(
    ("found", "answer"),
    [
        (figure(1.0, feet=(520.0, 440.0)), True),
        (figure(1.0, stature_px=300 * (COMPARABLE + 0.02)), True),
        (figure(1.0, stature_px=300 * (COMPARABLE - 0.02)), False),
        (figure(1.0, score=SEEN + 0.01), True),
        (figure(1.0, score=SEEN - 0.01), False),
        (nobody(1.0), False),
        (Pose.of(1.0, np.zeros((17, 3)), (640, 480)), False),
    ],
)
def test_somebody_of_comparable_size_is_a_bystander(found: Pose, answer: bool) -> None:
    assert checked(found) is answer


def test_it_looks_twice_a_second_of_the_sources_time() -> None:
    finds = Finds(nobody(0.0))
    detector = BystanderDetector(finds)
    times = [n / 15 for n in range(31)]
    answers = [detector.check(blank_frame(t), figure(t), BEFORE_S) for t in times]
    at = [t for t, answer in zip(times, answers, strict=True) if answer is not None]
    assert len(at) == 4
    assert len(finds.hidden) == 4
    assert np.diff(at).min() >= BEFORE_S
    assert detector.check(blank_frame(0.1), figure(0.1), BEFORE_S) is False, (
        "a film that begins again"
    )


def test_nobody_is_beside_nobody() -> None:
    finds = Finds(figure(1.0))
    assert BystanderDetector(finds).check(FRAME, nobody(1.0), BEFORE_S) is None
    assert finds.hidden == []


def test_the_whole_followed_person_is_painted_over_and_no_guessed_limb() -> None:
    person = figure(1.0)
    reach = person.keypoints[:, 0].min(), person.keypoints[:, 0].max()
    guessed = person.keypoints.copy()
    guessed[Keypoint.LEFT_WRIST] = 30.0, 200.0, 0.1
    for keypoints in (person.keypoints, guessed):
        finds = Finds(nobody(1.0))
        BystanderDetector(finds).check(FRAME, Pose.of(1.0, keypoints, person.size), BEFORE_S)
        ((left, right),) = finds.hidden
        assert reach[0] - 30 < left < reach[0]
        assert reach[1] < right < reach[1] + 30


# -- the real model -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def alone() -> NDArray[np.uint8]:
    """One person, somewhat right of the middle of 640x480."""
    with av.open(str(GOLDEN / "hinge.png")) as film:
        return next(film.decode(video=0)).to_ndarray(format="rgba")


def beside(alone: NDArray[np.uint8], smaller: int = 1) -> NDArray[np.uint8]:
    """The picture, and to its left itself once more, `smaller` times as small."""
    height, width = alone.shape[:2]
    wide = np.zeros((height, 2 * width, 4), np.uint8)
    wide[:, width:] = alone
    other = alone[::smaller, ::smaller]
    wide[-len(other) :, width - other.shape[1] : width] = other
    return wide


@pytest.mark.parametrize(("smaller", "answer"), [(1, True), (3, False)])
def test_a_second_person_in_the_picture_is_seen(
    interpreter: Interpreter, alone: NDArray[np.uint8], smaller: int, answer: bool
) -> None:
    frame = Frame(beside(alone, smaller), 1.0)
    before = frame.rgbx.copy()
    movenet = MoveNet(interpreter)
    followed = [movenet.estimate(Frame(frame.rgbx, t)) for t in (0.0, 0.5, 1.0)][-1]
    assert BystanderDetector(movenet).check(frame, followed, BEFORE_S) is answer
    assert np.array_equal(frame.rgbx, before)


def test_one_person_alone_is_alone(interpreter: Interpreter, alone: NDArray[np.uint8]) -> None:
    movenet = MoveNet(interpreter)
    frame = Frame(alone, 0.0)
    assert BystanderDetector(movenet).check(frame, movenet.estimate(frame), BEFORE_S) is False


def test_a_look_aside_leaves_the_followed_pose_as_it_is(
    interpreter: Interpreter, alone: NDArray[np.uint8]
) -> None:
    picture = beside(alone)
    plain, checking = MoveNet(interpreter), MoveNet(interpreter)
    for held in (False, True):
        for n in range(4):
            frame = Frame(picture, 10.0 * held + n / 10)
            expected, pose = plain.estimate(frame), checking.estimate(frame)
            assert np.array_equal(pose.keypoints, expected.keypoints)
            once_s = checking.last_invoke_s
            checking.estimate_without(frame, (100.0, 300.0))
            assert checking.last_invoke_s > once_s
        assert plain.crop.hold() == checking.crop.hold()


def test_columns_beyond_the_frame_may_be_painted_over(
    interpreter: Interpreter, alone: NDArray[np.uint8]
) -> None:
    movenet = MoveNet(interpreter)
    there = [
        movenet.estimate_without(Frame(alone, 0.0), hidden).keypoints[:, 2].mean()
        for hidden in ((-90.0, -20.0), (700.0, 800.0), (-50.0, 700.0))
    ]
    assert min(there[:2]) > SEEN > there[2]
