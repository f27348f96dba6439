"""One Euro smoothing: calm at rest, quick on the move, the same at any frame rate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from kiosk.body.pose import Pose
from kiosk.body.smoothing import GAP_S, OneEuro, PoseSmoother
from kiosk.exercises.catalogue import catalogue
from people import FEW, bending, figure, film, hinges, mirrored, shifted, through

LIFT = OneEuro(cutoff_hz=1.5, beta=3.0)


def smoothed(poses: list[Pose], constants: OneEuro = LIFT) -> list[Pose]:
    smoother = PoseSmoother(constants)
    return [smoother.smooth(pose) for pose in poses]


def positions(poses: list[Pose]) -> NDArray[np.float64]:
    return np.array([pose.keypoints[:, :2] for pose in poses])


def test_a_body_at_rest_is_calmer() -> None:
    poses = film(6, figure, noise_px=2)
    before, after = (positions(p)[30:].std(axis=0).mean() for p in (poses, smoothed(poses)))
    assert after < 0.5 * before


def test_a_body_at_rest_stays_where_it_is() -> None:
    poses = film(2, figure)
    assert np.allclose(positions(smoothed(poses)), positions(poses))


@pytest.mark.parametrize("fps", [8, 15, 30])
def test_a_rep_keeps_its_depth_and_its_moment(fps: float) -> None:
    """Measured at the shoulder, which travels farthest of what is judged."""
    poses = film(6, bending(through((1, 0), (2.2, 1), (3.4, 0))), fps=fps)
    before, after = (positions(p)[:, 5, 1] for p in (poses, smoothed(poses)))
    travel = np.ptp(before)
    assert after.max() > before.max() - 0.1 * travel
    assert abs(int(after.argmax()) - int(before.argmax())) <= 0.2 * fps


def test_a_higher_beta_follows_a_swing_more_closely() -> None:
    poses = film(3, bending(through((0.5, 0), (0.9, 1), (1.3, 0)), lean_deg=60), fps=30)
    calm, quick = (
        np.abs(positions(smoothed(poses, OneEuro(cutoff_hz=1.5, beta=beta))) - positions(poses))
        for beta in (0.0, 6.0)
    )
    assert quick.max() < 0.6 * calm.max()


def test_the_swing_is_followed_more_closely_than_the_lift() -> None:
    assert catalogue()["kettlebell_swing"].smoothing.cutoff_hz > LIFT.cutoff_hz


def test_all_but_the_positions_passes_as_it_is() -> None:
    poses = [replace(pose, bystander=True) for pose in hinges(1, noise_px=3)]
    for before, after in zip(poses, smoothed(poses), strict=True):
        assert np.array_equal(after.keypoints[:, 2], before.keypoints[:, 2])
        assert (after.time_s, after.size, after.bystander) == (before.time_s, before.size, True)


def test_the_pose_that_comes_in_is_left_alone_and_the_one_that_went_out_too() -> None:
    poses = hinges(1, noise_px=3)
    copies = [pose.keypoints.copy() for pose in poses]
    smoother = PoseSmoother(LIFT)
    out = [(pose, pose.keypoints.copy()) for pose in map(smoother.smooth, poses)]
    assert all(np.array_equal(p.keypoints, c) for p, c in zip(poses, copies, strict=True))
    assert all(np.array_equal(pose.keypoints, copy) for pose, copy in out)


@pytest.mark.parametrize("gap_s", [GAP_S + 0.05, 60.0, -1.0, 0.0])
def test_after_a_gap_it_starts_afresh(gap_s: float) -> None:
    smoother = PoseSmoother(LIFT)
    for pose in film(2, figure):
        last = smoother.smooth(pose)
    there = figure(last.time_s + gap_s, feet=(100.0, 300.0))
    assert np.array_equal(smoother.smooth(there).keypoints, there.keypoints)


def test_before_a_gap_it_does_not() -> None:
    smoother = PoseSmoother(LIFT)
    for pose in film(2, figure):
        last = smoother.smooth(pose)
    there = figure(last.time_s + 0.9 * GAP_S, feet=(100.0, 300.0))
    assert not np.allclose(smoother.smooth(there).keypoints, there.keypoints)


@given(factor=st.floats(0.2, 4), x=st.floats(-500, 500), seconds=st.floats(0, 1000))
@FEW
def test_size_place_and_time_make_no_difference(factor: float, x: float, seconds: float) -> None:
    poses = film(2, bending(through((0.5, 0), (1.5, 1))), noise_px=1)
    other = [
        Pose.of(p.time_s, p.keypoints * [factor, factor, 1] + [x, 2 * x, 0], p.size)
        for p in shifted(poses, seconds)
    ]
    expected = positions(smoothed(poses)) * factor + [x, 2 * x]
    assert np.allclose(positions(smoothed(other)), expected, atol=0.01 * factor)


def test_a_mirror_makes_no_difference() -> None:
    poses = hinges(1, noise_px=2)
    assert np.allclose(positions(smoothed(mirrored(poses))), positions(mirrored(smoothed(poses))))


@pytest.mark.parametrize("point", [0.0, 320.0])
def test_a_body_without_any_size_is_smoothed_in_finite_numbers(point: float) -> None:
    poses = film(1, lambda t: Pose.of(t, np.full((17, 3), point), (640, 480)))
    assert np.isfinite(positions(smoothed([*poses, figure(1.1), figure(1.2)]))).all()
