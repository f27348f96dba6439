"""The standing baseline: a glimpse at once, a quiet stretch when given, and when it is let go."""

import math
from collections.abc import Iterable

import numpy as np
import pytest

from kiosk.body.outline import read_outline
from kiosk.body.pose import Keypoint, Pose
from kiosk.body.standing import (
    ELSEWHERE,
    GLIMPSE_S,
    QUIET_S,
    SAME_LEAN_DEG,
    STILL_WITHIN_S,
    TALLER,
    StandingTracker,
    feet_moved,
    upright,
)
from kiosk.body.state import Standing
from people import bending, changed, figure, film, smooth_step, through

Baselines = list[tuple[float, Standing | None]]


def baselines(poses: Iterable[Pose]) -> Baselines:
    tracker = StandingTracker()
    return [(p.time_s, tracker.update(read_outline(p))) for p in poses]


@pytest.mark.parametrize("fps", [5, 15, 30])
def test_a_glimpse_serves_until_a_quiet_stretch_has_been_seen(fps: float) -> None:
    for time_s, standing in baselines(film(4, figure, fps=fps)):
        if time_s < GLIMPSE_S - 1e-6:
            assert standing is None
        elif time_s > GLIMPSE_S + 1 / fps:
            assert standing is not None
            if time_s < QUIET_S - 1e-6:
                assert not standing.quiet
            elif time_s > QUIET_S + 1 / fps:
                assert standing.quiet


def test_stillness_grows_and_ends_with_a_movement() -> None:
    tracker, seen = StandingTracker(), []
    for pose in film(5, bending(through((3, 0), (3.6, 0.6)))):
        tracker.update(read_outline(pose))
        seen.append(tracker.stillness)
    first, last = seen.index(1.0), len(seen) - 1 - seen[::-1].index(1.0)
    assert seen[:first] == sorted(seen[:first])
    assert 3 <= last / 15 <= 3.6
    assert seen[-1] < 1


def test_one_misread_frame_does_not_become_the_baseline() -> None:
    def pose(time_s: float) -> Pose:
        right = figure(time_s)
        if round(time_s * 15) != 20:
            return right
        wrong = right.keypoints - (0, 60, 0)
        wrong[[Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE], 1] += 60
        return Pose.of(time_s, wrong, right.size)

    wanted = read_outline(figure(0)).height_px
    for _, standing in baselines(film(4, pose)):
        assert standing is None or standing.outline.height_px == pytest.approx(wanted)


def test_whoever_straightens_up_raises_the_baseline_and_noise_does_not() -> None:
    slouch = through((0, 1), (1, 1), (2, 0))
    rising = baselines(film(3, bending(slouch, lean_deg=14, knee_deg=30)))
    early, late = rising[14][1], rising[-1][1]
    assert early is not None
    assert late is not None
    assert late.outline.height_px > TALLER * early.outline.height_px
    assert late.outline.lean_deg < 3

    true_px = read_outline(figure(0)).height_px
    for _, standing in baselines(film(30, figure, noise_px=2)):
        assert standing is None or standing.outline.height_px < TALLER * TALLER * true_px


@pytest.mark.parametrize("lean_deg", [SAME_LEAN_DEG + 4, SAME_LEAN_DEG + 10])
def test_a_rest_short_of_lockout_is_no_new_baseline(lean_deg: float) -> None:
    """Nor is the moment of rising from it, when the newest frame is upright again."""
    rest = through((3, 0), (4, 1), (8, 1), (9, 0))
    for time_s, standing in baselines(film(14, bending(rest, lean_deg=lean_deg, knee_deg=5))):
        if time_s > 3:
            assert standing is not None
            assert standing.quiet
            assert standing.outline.lean_deg == pytest.approx(0, abs=1)


def test_a_later_plain_stretch_renews_the_baseline() -> None:
    shuffle_px = 0.5 * ELSEWHERE * read_outline(figure(0)).height_px

    def pose(time_s: float) -> Pose:
        return figure(time_s, feet=(320 + shuffle_px * smooth_step(time_s - 3), 440))

    _, standing = baselines(film(8, pose))[-1]
    assert standing is not None
    assert standing.quiet
    assert standing.outline.ankles[0][0] == pytest.approx(320 + shuffle_px, abs=1)


def test_whoever_stands_elsewhere_starts_anew_and_may_face_the_other_way() -> None:
    step_px = 2 * ELSEWHERE * read_outline(figure(0)).height_px

    def pose(time_s: float) -> Pose:
        moved = smooth_step((time_s - 3) / 0.5)
        facing = 1 if time_s < 3.3 else -1
        return figure(time_s, feet=(250 + step_px * moved, 440), facing=facing)

    seen = baselines(film(8, pose))
    kept, new = seen[3 * 15][1], seen[-1][1]
    assert kept is not None
    assert new is not None
    assert (kept.facing, new.facing) == (1, -1)
    assert new.outline.ankles[0][0] == pytest.approx(250 + step_px, abs=1)
    glimpsed = [t for t, s in seen if t > 3 and s is not None and not s.quiet]
    assert glimpsed
    assert min(glimpsed) > 4


def test_a_deep_bend_on_the_spot_keeps_the_baseline() -> None:
    bend = through((3, 0), (4, 1), (7, 1), (8, 0))
    seen = baselines(film(9, bending(bend, lean_deg=85, knee_deg=20)))
    standings = {s.outline.time_s for t, s in seen if s is not None and 3 < t < 8}
    assert len(standings) == 1


@pytest.mark.parametrize("facing", [1, -1])
def test_a_deep_bend_tells_the_facing_of_a_hidden_head(facing: int) -> None:
    def pose(time_s: float) -> Pose:
        seen = bending(through((3, 0), (4, 1)), facing=facing)(time_s)
        ears = seen.keypoints[[Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR], 0].mean()
        return changed(seen, (Keypoint.NOSE, 0), ears)

    seen = baselines(film(5, pose))
    before, after = seen[40][1], seen[-1][1]
    assert before is not None
    assert after is not None
    assert (before.facing, after.facing) == (None, facing)


def test_a_facing_that_a_bend_told_is_forgotten_elsewhere() -> None:
    def pose(time_s: float) -> Pose:
        feet = (320.0 if time_s < 6 else 520.0, 440.0)
        seen = bending(through((3, 0), (4, 1), (5, 0)), feet=feet)(time_s)
        ears = seen.keypoints[[Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR], 0].mean()
        return changed(seen, (Keypoint.NOSE, 0), ears)

    seen = baselines(film(10, pose))
    before, after = seen[5 * 15][1], seen[-1][1]
    assert before is not None
    assert after is not None
    assert (before.facing, after.facing) == (1, None)


@pytest.mark.parametrize(
    ("pose", "stands"),
    [
        (figure(0), True),
        (figure(0, lean_deg=15, knee_deg=15), True),
        (figure(0, yaw_deg=90), True),
        (figure(0, lean_deg=60), False),
        (figure(0, lean_deg=30, knee_deg=140), False),
    ],
)
def test_who_stands(pose: Pose, stands: bool) -> None:
    assert upright(read_outline(pose)) == stands


def test_nobody_stands_with_the_feet_far_aside() -> None:
    pose = figure(0)
    ankles = ([Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE], 0)
    assert not upright(read_outline(changed(pose, ankles, pose.keypoints[ankles] + 200)))


def test_nobody_stands_on_the_hands_or_lies() -> None:
    for turn in ([[1, 0], [0, -1]], [[0, 1], [1, 0]]):
        pose = figure(0)
        lying = changed(pose, np.s_[:, :2], pose.keypoints[:, :2] @ turn)
        assert not upright(read_outline(lying))


def test_feet_moved_is_in_heights_and_forgives_swapped_sides() -> None:
    for px in (120.0, 400.0):
        stood = read_outline(figure(0, stature_px=px, yaw_deg=90))
        moved = figure(1, stature_px=px, yaw_deg=90, lift=(0.1, 0.0))
        truth = 0.1 * px / stood.height_px
        assert feet_moved(read_outline(moved), stood) == pytest.approx(truth, rel=0.05)
        same = figure(1, stature_px=px, yaw_deg=90)
        swapped = changed(same, [15, 16], same.keypoints[[16, 15]])
        assert feet_moved(read_outline(swapped), stood) == 0


@pytest.mark.parametrize("fps", [8, 15, 30])
def test_a_body_in_motion_is_no_baseline_while_it_may_still_hold_still(fps: float) -> None:
    """An ascent ends taller with every frame, and still leans."""
    rise = through((0, 1), (1.2, 0), (2.0, 0))
    for _, standing in baselines(film(2, bending(rise, lean_deg=70, knee_deg=30), fps=fps)):
        assert standing is None or abs(standing.outline.lean_deg) < 4
        assert standing is None or standing.still


def test_a_taller_glimpse_in_mid_set_that_moves_changes_nothing() -> None:
    stretch_up = through((4, 0), (4.4, 1), (4.8, 0))

    def pose(time_s: float) -> Pose:
        up = stretch_up(time_s)
        return figure(time_s, lean_deg=-12 * up, stature_px=300 * (1 + 0.04 * up))

    seen = baselines(film(7, pose))
    before, after = seen[int(3.5 * 15)][1], seen[-1][1]
    assert before is not None
    assert after is not None
    assert after.outline.height_px == pytest.approx(before.outline.height_px)
    assert after.outline.lean_deg == pytest.approx(before.outline.lean_deg)


def test_who_never_holds_still_is_measured_by_their_tallest_glimpse() -> None:
    swings = bending(lambda t: 0.5 - 0.5 * math.cos(4 * t), lean_deg=60, knee_deg=20)
    seen = baselines(film(9, swings, fps=30))
    assert all(standing is None for time_s, standing in seen if time_s < STILL_WITHIN_S)
    last = seen[-1][1]
    assert last is not None
    assert not last.still
    assert last.outline.height_px > 0.97 * read_outline(figure(0)).height_px


def test_a_long_rest_with_the_trunk_inclined_never_becomes_the_baseline() -> None:
    """Nor do several of them, each a little farther than the one before."""
    rests = through(*[(3 + 3 * n + d, n * 0.2) for n in range(6) for d in (0.0, 2.6)])
    for _, standing in baselines(film(22, bending(rests, lean_deg=20, knee_deg=2))):
        assert standing is None or standing.outline.lean_deg < SAME_LEAN_DEG + 0.5


def test_one_frame_after_a_gap_does_not_become_the_baseline() -> None:
    misread = [figure(3.0, stature_px=330)]
    back = film(1, lambda t: figure(t + 3.5))
    before, after = baselines([*film(2.5, figure), *misread, *back])[30][1], None
    assert before is not None
    for _, after in baselines([*film(2.5, figure), *misread, *back])[30:]:
        assert after is not None
        assert after.outline.height_px == pytest.approx(before.outline.height_px)


def followed(tracker: StandingTracker, poses: Iterable[Pose]) -> float:
    """The height of the baseline after these poses."""
    for pose in poses:
        standing = tracker.update(read_outline(pose))
    assert standing is not None
    return standing.outline.height_px


def test_a_baseline_taken_just_before_somebody_else_was_noticed_is_taken_back() -> None:
    tracker = StandingTracker()
    own_px = followed(tracker, film(1, figure))
    theirs_px = followed(tracker, film(0.4, lambda t: figure(t + 1, stature_px=330)))
    assert theirs_px > own_px
    tracker.interrupt(1.1)
    assert followed(tracker, [figure(1.5)]) == own_px
    # and the next one needs a stretch of its own
    assert followed(tracker, film(0.2, lambda t: figure(t + 1.6, stature_px=330))) == own_px
    assert followed(tracker, film(0.4, lambda t: figure(t + 1.8, stature_px=330))) > own_px


def test_a_first_baseline_stays_whoever_passes() -> None:
    tracker = StandingTracker()
    own_px = followed(tracker, film(1, figure))
    tracker.interrupt(0.0)
    assert followed(tracker, [figure(1.1)]) == own_px
