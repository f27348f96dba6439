"""The crop rule, its smoothing, and the square that is held for a set."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kiosk.body.pose import Keypoint, Pose
from kiosk.vision.pose.crop import CropRegion, CropTracker, crop_for
from paths import GOLDEN

TRUTH = json.loads((GOLDEN / "hinge_truth.json").read_text())
SIZE: tuple[int, int] = tuple(TRUTH["size_px"])
STANDING, *HINGE = [np.array(pose, dtype=np.float64) for pose in TRUTH["poses"]]
WHOLE = CropRegion.whole(SIZE)
A_STEP = np.array([50, 0])
FAR_AWAY = (4000, 4000)  # a frame so large that its border plays no part


def pose_of(
    points: NDArray[np.float64],
    *,
    time_s: float = 0.0,
    size: tuple[int, int] = SIZE,
    score: float | NDArray[np.float64] = 0.8,
) -> Pose:
    scores = np.broadcast_to(score, 17)
    return Pose.of(time_s, np.column_stack([points[:17], scores]), size)


def corners(region: CropRegion) -> NDArray[np.float64]:
    return np.array([region.x0, region.y0, region.x0 + region.side, region.y0 + region.side])


def contains(region: CropRegion, points: NDArray[np.float64]) -> bool:
    left, top, right, bottom = corners(region)
    x, y = points.T
    return bool(((x >= left) & (x <= right) & (y >= top) & (y <= bottom)).all())


# A body of any posture, small enough for its square to stay clear of the frame's border.
bodies = st.lists(
    st.tuples(st.floats(1900, 2100), st.floats(1900, 2100)), min_size=17, max_size=17
).map(np.array)
scores = st.lists(st.floats(0, 1), min_size=17, max_size=17).map(np.array)


def test_half_the_side_is_the_larger_of_torso_and_body_reach() -> None:
    points = np.full((17, 2), 2000.0)
    points[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]] = (2000, 1900)
    points[[Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]] = (2010, 2150)
    assert crop_for(pose_of(points, size=FAR_AWAY)) == CropRegion.around(2000, 2000, 190)
    points[Keypoint.RIGHT_ANKLE] = (2010, 2250)
    assert crop_for(pose_of(points, size=FAR_AWAY)) == CropRegion.around(2000, 2000, 300)


@given(bodies, st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_a_body_moved_by_some_pixels_moves_its_square_by_as_many(
    body: NDArray[np.float64], right: float, down: float
) -> None:
    there = crop_for(pose_of(body + np.array([right, down]), size=FAR_AWAY))
    here = crop_for(pose_of(body, size=FAR_AWAY))
    np.testing.assert_allclose(corners(there), corners(here) + (right, down) * 2, atol=1e-6)


@given(bodies, st.floats(0.2, 3))
def test_a_body_seen_larger_has_a_square_as_much_larger(
    body: NDArray[np.float64], factor: float
) -> None:
    here = crop_for(pose_of(body, size=FAR_AWAY))
    larger = crop_for(pose_of((body - 2000) * factor + 2000, size=FAR_AWAY))
    np.testing.assert_allclose(
        corners(larger), (corners(here) - 2000) * factor + 2000, rtol=0, atol=1e-6
    )


@given(bodies)
def test_a_mirrored_body_has_a_mirrored_square(body: NDArray[np.float64]) -> None:
    pairs = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]
    here = corners(crop_for(pose_of(body, size=FAR_AWAY)))
    mirrored = corners(crop_for(pose_of((4000, 0) + body[pairs] * (-1, 1), size=FAR_AWAY)))
    np.testing.assert_allclose(mirrored, [4000 - here[2], here[1], 4000 - here[0], here[3]])


@given(bodies, scores)
def test_every_confident_keypoint_lies_inside(
    body: NDArray[np.float64], score: NDArray[np.float64]
) -> None:
    region = crop_for(pose_of(body, size=FAR_AWAY, score=score))
    assert contains(region, body[score >= 0.2])


@pytest.mark.parametrize("points", HINGE, ids=range(len(HINGE)))
def test_no_foot_is_cut_off_at_any_moment_of_a_hinge(points: NDArray[np.float64]) -> None:
    assert contains(crop_for(pose_of(points)), points)


@pytest.mark.parametrize("pair", [(11, 12), (5, 6)], ids=["hips", "shoulders"])
def test_without_a_hip_or_a_shoulder_the_whole_frame_is_looked_at(pair: tuple[int, int]) -> None:
    score = np.full(17, 0.8)
    score[list(pair)] = 0.1
    assert crop_for(pose_of(STANDING, score=score)) == WHOLE


def test_one_hip_and_one_shoulder_suffice() -> None:
    score = np.full(17, 0.8)
    score[[Keypoint.LEFT_HIP, Keypoint.LEFT_SHOULDER]] = 0.0
    astray = STANDING.copy()
    astray[[Keypoint.LEFT_HIP, Keypoint.LEFT_SHOULDER]] = (600, 20)
    region = crop_for(pose_of(astray, score=score))
    assert region != WHOLE
    assert region.x0 + region.side / 2 == pytest.approx(STANDING[Keypoint.RIGHT_HIP, 0])


def test_a_body_as_large_as_the_frame_is_looked_at_whole() -> None:
    middle = np.array([320, 240])
    assert crop_for(pose_of((STANDING - middle) * 2 + middle)) == WHOLE


def test_the_first_frame_and_a_frame_of_another_size_are_looked_at_whole() -> None:
    tracker = CropTracker()
    assert tracker.next_region(SIZE) == WHOLE
    tracker.update(pose_of(STANDING))
    assert tracker.next_region(SIZE) == crop_for(pose_of(STANDING))
    assert tracker.next_region((480, 640)) == CropRegion.whole((480, 640))


def test_a_lost_person_is_looked_for_in_the_whole_frame_at_once() -> None:
    tracker = CropTracker()
    tracker.update(pose_of(STANDING))
    tracker.update(pose_of(STANDING, time_s=0.1, score=0.05))
    assert tracker.next_region(SIZE) == WHOLE


def test_smoothing_does_not_depend_on_the_frame_rate() -> None:
    def after_a_step(frames: int) -> NDArray[np.float64]:
        tracker = CropTracker()
        tracker.update(pose_of(STANDING))
        for frame in range(1, frames + 1):
            tracker.update(pose_of(STANDING + A_STEP, time_s=0.02 * frame / frames))
        return corners(tracker.next_region(SIZE))

    slow, fast = after_a_step(1), after_a_step(8)
    target = corners(crop_for(pose_of(STANDING + A_STEP)))
    np.testing.assert_allclose(slow, fast)
    assert 5 < target[0] - slow[0] < 25


def test_a_step_is_a_tenth_from_done_after_a_thirtieth_of_a_second() -> None:
    tracker = CropTracker()
    tracker.update(pose_of(STANDING))
    tracker.update(pose_of(STANDING + A_STEP, time_s=1 / 30))
    target = crop_for(pose_of(STANDING + A_STEP))
    assert target.x0 - tracker.next_region(SIZE).x0 == pytest.approx(5)


def held_tracker(rate: float = 15.0) -> CropTracker:
    tracker = CropTracker()
    for frame in range(int(rate * 2)):
        tracker.update(pose_of(STANDING, time_s=frame / rate - 2))
    assert tracker.hold()
    return tracker


def test_the_held_square_has_room_for_the_hinge_either_way() -> None:
    region = held_tracker().next_region(SIZE)
    margin = 0.02 * region.side
    inner = CropRegion(region.x0 + margin, region.y0 + margin, region.side - 2 * margin)
    feet = STANDING[[15, 16], 0].mean()
    for points in HINGE:
        assert contains(inner, points)
        assert contains(inner, points * (-1, 1) + (2 * feet, 0))
    assert region.side < 1.4 * np.ptp(STANDING[:, 1])


def test_the_held_square_stands_still_during_a_hinge_and_for_a_bystander() -> None:
    tracker = held_tracker()
    region = tracker.next_region(SIZE)
    for frame, points in enumerate(HINGE * 3):
        tracker.update(pose_of(points, time_s=0.3 * frame))
        assert tracker.next_region(SIZE) == region
    assert tracker.held


def test_one_bad_pose_does_not_move_the_held_square() -> None:
    tracker = CropTracker()
    for frame in range(10):
        tracker.update(pose_of(STANDING + 60 * (frame == 9), time_s=0.1 * frame))
    tracker.hold()
    assert tracker.next_region(SIZE) == held_tracker().next_region(SIZE)


def test_nothing_is_held_before_a_head_and_an_ankle_were_seen() -> None:
    tracker = CropTracker()
    assert not tracker.hold()
    score = np.full(17, 0.8)
    score[[Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]] = 0.1
    tracker.update(pose_of(STANDING, score=score))
    assert not tracker.hold()
    assert not tracker.held


def test_release_lets_the_square_follow_again() -> None:
    tracker = held_tracker()
    tracker.release()
    assert not tracker.held
    assert tracker.next_region(SIZE) == crop_for(pose_of(STANDING))


@pytest.mark.parametrize("rate", [8.0, 15.0, 30.0])
@pytest.mark.parametrize("gone", ["unseen", "pressed against the border"])
def test_a_person_gone_for_half_a_second_is_let_go(rate: float, gone: str) -> None:
    tracker = held_tracker(rate)
    left, top, *_ = corners(tracker.next_region(SIZE))
    pressed = np.maximum(STANDING - (STANDING[:, 0].max() - left, 0), (left, top))
    until_s = None
    for frame in range(int(rate * 2)):
        points, score = (STANDING, 0.1) if gone == "unseen" else (pressed, 0.6)
        tracker.update(pose_of(points, time_s=frame / rate, score=score))
        if not tracker.held:
            until_s = frame / rate
            break
    assert until_s is not None
    assert 0.4 <= until_s <= 0.7


def test_a_short_absence_does_not_let_go() -> None:
    tracker = held_tracker()
    for frame in range(60):
        score = 0.05 if frame % 6 < 5 else 0.6
        tracker.update(pose_of(STANDING, time_s=frame / 15, score=score))
    assert tracker.held


def test_a_camera_that_turns_lets_go() -> None:
    tracker = held_tracker()
    tracker.update(pose_of(STANDING, time_s=0.1, size=(480, 640)))
    assert not tracker.held


ASIDE = np.array([0.6 * held_tracker().next_region(SIZE).side, 0])


def passed(tracker: CropTracker, *, corrected: bool) -> CropTracker:
    """Somebody who stands apart takes the pose over for a second."""
    for frame in range(16):
        tracker.update(pose_of(STANDING + ASIDE, time_s=0.1 + frame / 15))
        if corrected:
            tracker.correct(pose_of(STANDING, time_s=0.1 + frame / 15))
    return tracker


def test_a_corrected_pose_leaves_no_trace_of_the_wrong_one() -> None:
    right = CropTracker()
    wrong = CropTracker()
    for tracker in (right, wrong):
        tracker.update(pose_of(STANDING))
    here = right.next_region(SIZE)
    assert passed(right, corrected=True).next_region(SIZE) == here
    assert right.hold()
    assert right.next_region(SIZE) == held_tracker().next_region(SIZE)
    assert passed(wrong, corrected=False).next_region(SIZE) != here


def test_a_held_square_stays_while_the_person_is_found_behind_somebody_at_its_border() -> None:
    tracker = held_tracker()
    assert not passed(held_tracker(), corrected=False).held
    assert passed(tracker, corrected=True).held


def test_a_first_pose_may_be_corrected() -> None:
    tracker = CropTracker()
    tracker.correct(pose_of(STANDING))
    assert tracker.next_region(SIZE) == crop_for(pose_of(STANDING))
