"""The real model on a picture with known keypoints, and on the packaged recording's truth."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.body.pose import Pose, near_side_score, pose_fault
from kiosk.commands.demo.show import WALK_UP
from kiosk.errors import ModelError
from kiosk.vision.camera.frame import Frame
from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.models.manifest import load_manifest
from kiosk.vision.pose.crop import CropRegion, CropTracker
from kiosk.vision.pose.movenet import MoveNet, load_estimator
from paths import GOLDEN

REFERENCE = json.loads((GOLDEN / "hinge.json").read_text())
MODEL_PX = 192
F16, INT8 = "lightning_f16", "lightning_int8"


@pytest.fixture(scope="module")
def picture() -> NDArray[np.uint8]:
    return next(frames_of(GOLDEN / "hinge.png")).rgbx


def frames_of(path: Path) -> Iterator[Frame]:
    with av.open(str(path)) as film:
        for picture in film.decode(video=0):
            yield Frame(picture.to_ndarray(format="rgba"), float(picture.time or 0))


def difference(pose: Pose, expected: list[list[float]], side: float) -> tuple[float, float, float]:
    """Mean and largest distance in pixels of the model's input, and the mean one of the scores."""
    off = pose.keypoints - np.array(expected)
    distances = np.hypot(off[:, 0], off[:, 1]) * MODEL_PX / side
    return float(distances.mean()), float(distances.max()), float(np.abs(off[:, 2]).mean())


def test_the_whole_frame_and_then_the_crop_give_the_reference_keypoints(
    interpreter: Interpreter, picture: NDArray[np.uint8]
) -> None:
    movenet = MoveNet(interpreter)
    whole = movenet.estimate(Frame(picture, 0.0))
    cropped = movenet.estimate(Frame(picture, 1.0))
    mean, largest, score = difference(whole, REFERENCE["whole"]["keypoints"], 640)
    assert (mean < 0.3, largest < 1, score < 0.02) == (True, True, True), (mean, largest, score)
    side = REFERENCE["cropped"]["region"][2]
    mean, largest, score = difference(cropped, REFERENCE["cropped"]["keypoints"], side)
    assert (mean < 0.3, largest < 1, score < 0.02) == (True, True, True), (mean, largest, score)


def test_the_second_frame_is_seen_through_the_reference_crop(
    interpreter: Interpreter, picture: NDArray[np.uint8]
) -> None:
    movenet = MoveNet(interpreter)
    tracker = CropTracker()
    tracker.update(movenet.estimate(Frame(picture, 0.0)))
    region = tracker.next_region((640, 480))
    expected = CropRegion(*REFERENCE["cropped"]["region"])
    assert (region.x0, region.y0, region.side) == pytest.approx(
        (expected.x0, expected.y0, expected.side), abs=1
    )


class Noting:
    """The real model, which notes the pictures it is shown."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self.input_size = interpreter.input_size
        self.shown: list[NDArray[np.uint8]] = []

    def run(self, picture: NDArray[np.uint8]) -> list[list[float]]:
        self.shown.append(picture)
        return self._interpreter.run(picture)


def held(network: Noting, picture: NDArray[np.uint8]) -> MoveNet:
    """With a crop that stands still around whoever is in the picture."""
    movenet = MoveNet(network)
    movenet.estimate(Frame(picture, 0.0))
    assert movenet.crop.hold()
    return movenet


def test_numbers_that_are_none_do_not_spoil_the_crop_of_the_next_frame(
    interpreter: Interpreter, picture: NDArray[np.uint8]
) -> None:
    class Once(Noting):
        def run(self, picture: NDArray[np.uint8]) -> list[list[float]]:
            found = super().run(picture)
            return [[math.nan] * 3] * len(found) if len(self.shown) == 2 else found

    movenet = MoveNet(Once(interpreter))
    movenet.estimate(Frame(picture, 0.0))
    region = movenet.crop.next_region((640, 480))
    assert pose_fault(movenet.estimate(Frame(picture, 0.1))) is not None
    assert movenet.crop.next_region((640, 480)) == region
    assert pose_fault(movenet.estimate(Frame(picture, 0.2))) is None


def blackened(frame: Frame) -> Frame:
    """The same frame, whose picture is gone: what was not cut before is cut black."""
    frame.rgbx[:] = 0
    return frame


def test_a_frame_cut_ahead_shows_the_model_the_same_picture(
    interpreter: Interpreter, picture: NDArray[np.uint8]
) -> None:
    network = Noting(interpreter)
    movenet, frame = held(network, picture), Frame(picture.copy(), 1.0)
    movenet.estimate(frame)
    movenet.prepare(frame)
    movenet.estimate(blackened(frame))
    assert network.shown[-1] is not network.shown[-2]
    assert np.array_equal(network.shown[-1], network.shown[-2])


def test_a_frame_cut_for_a_crop_that_was_let_go_is_cut_anew(
    interpreter: Interpreter, picture: NDArray[np.uint8]
) -> None:
    network = Noting(interpreter)
    movenet, frame = held(network, picture), Frame(picture.copy(), 1.0)
    movenet.prepare(frame)
    movenet.crop.release()
    movenet.estimate(blackened(frame))
    assert not network.shown[-1].any()


def test_a_frame_cut_before_the_crop_followed_the_body_is_cut_anew(
    interpreter: Interpreter, picture: NDArray[np.uint8]
) -> None:
    network = Noting(interpreter)
    movenet, frame = MoveNet(network), Frame(picture.copy(), 1.0)
    movenet.prepare(frame)
    movenet.estimate(Frame(picture, 0.0))
    movenet.estimate(blackened(frame))
    assert not network.shown[-1].any()


def test_another_frame_than_the_one_cut_ahead_is_cut_itself(
    interpreter: Interpreter, picture: NDArray[np.uint8]
) -> None:
    network = Noting(interpreter)
    movenet = held(network, picture)
    movenet.prepare(Frame(picture, 1.0))
    movenet.estimate(Frame(np.zeros_like(picture), 1.0))
    assert not network.shown[-1].any()


def test_a_second_look_is_shown_the_named_region_without_what_is_painted_over(
    interpreter: Interpreter, picture: NDArray[np.uint8]
) -> None:
    network = Noting(interpreter)
    movenet, frame = MoveNet(network), Frame(picture, 0.0)
    region = CropRegion.around(300.0, 240.0, 120.0)
    movenet.estimate_without(frame, (0.0, 0.0), region)
    movenet.estimate_without(frame, (300.0, 360.0), region)
    plain, painted = network.shown
    middle, end = plain.shape[1] // 2, plain.shape[1] * 3 // 4
    assert (painted[:, middle:end] == painted[0, middle]).all()
    assert (painted[:, :middle] == plain[:, :middle]).all()
    assert (painted[:, end:] == plain[:, end:]).all()
    assert np.ptp(plain[:, middle:end]) > 0


def test_times_are_measured_and_the_pose_carries_the_frame(
    interpreter: Interpreter, picture: NDArray[np.uint8]
) -> None:
    movenet = MoveNet(interpreter)
    pose = movenet.estimate(Frame(picture, 12.5))
    assert (pose.time_s, pose.size, pose.keypoints.shape) == (12.5, (640, 480), (17, 3))
    assert pose.keypoints.dtype == np.float64
    assert movenet.last_invoke_s > 0


def test_the_packaged_recording_shows_nobody_then_somebody_then_nobody(
    interpreter: Interpreter,
) -> None:
    truth = json.loads(WALK_UP.with_suffix(".json").read_text())
    movenet = MoveNet(interpreter)
    scores = {
        frame.time_s: near_side_score(movenet.estimate(frame)) for frame in frames_of(WALK_UP)
    }
    assert len(scores) == truth["frames"]
    empty = [s for t, s in scores.items() if t < truth["enters_s"] or t >= truth["gone_from_s"]]
    there = [s for t, s in scores.items() if truth["stands_from_s"] <= t <= truth["walks_from_s"]]
    assert max(empty) < 0.15
    assert min(there) > 0.5


def test_an_unknown_model_lists_the_known_ones() -> None:
    with pytest.raises(ModelError, match=f"posenet.*{F16}.*{INT8}"):
        load_estimator("posenet")


def test_a_missing_model_is_named_with_the_command_that_gets_it(models: Path) -> None:
    with pytest.raises(ModelError, match=rf"{models}.*missing.*kiosk models"):
        load_estimator()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>not found</html>", "not a TensorFlow Lite model"),
        (b"\x1c\0\0\0TFL3" + bytes(1000), "cut short"),
        (b"\x1c\0\0\0TFL3" + bytes(20_000_000), "another model"),
    ],
)
def test_a_model_that_is_not_the_one_is_refused_by_name(
    models: Path, content: bytes, message: str
) -> None:
    path = models / load_manifest().spec(F16).file
    path.write_bytes(content)
    with pytest.raises(ModelError, match=message) as caught:
        load_estimator(F16)
    assert str(path) in str(caught.value)


def test_the_real_model_opens() -> None:
    estimator, variant = load_estimator(F16, threads=1)
    assert (variant, estimator.crop.held) == (F16, False)
