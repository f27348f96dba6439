"""The gauge and the verdict agree on the depth; the ring fills and empties with the movement."""

from dataclasses import replace

import pytest

from drawing import SCENES, drawn
from kiosk.coaching.snapshot import RepPhase, Snapshot, Stage
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.ui.screen.gallery.scenes import samples
from kiosk.ui.screen.widgets.gauges import depth_band, ring_of
from kiosk.ui.words.words import Words


@pytest.mark.parametrize("exercise_id", catalogue())
def test_a_good_rep_ends_inside_the_band(exercise_id: str) -> None:
    exercise = exercise_by_id(exercise_id)
    low, high = depth_band(exercise)
    assert 0.5 < low < 1 < high
    if exercise.target is None and exercise.rep.full_lean_deg > 50:
        assert low < exercise.appearance.stroke.lean_deg / exercise.rep.full_lean_deg < high


def test_the_band_begins_where_a_rep_is_no_longer_called_shallow() -> None:
    exercise = exercise_by_id("hip_hinge")
    rule = next(rule for rule in exercise.checks if rule.id == "shallow")
    low, _ = depth_band(exercise)
    assert low * exercise.rep.full_lean_deg == pytest.approx(rule.limit + rule.band)
    appearance = exercise.appearance
    assert appearance.mistakes["shallow"].lean_deg < low * exercise.rep.full_lean_deg


def test_depth_glides_between_two_poses(words: Words) -> None:
    scene = SCENES["set-first"]
    screen = drawn(scene, words)
    deeper = replace(scene.snapshot, depth=1.0)
    changes = [
        screen.draw(replace(scene, snapshot=deeper, now_s=scene.now_s + frame / 60))
        for frame in range(1, 5)
    ]
    gauge = screen.canvas.parts["depth"].box
    assert all(gauge in boxes for boxes in changes)


STROKE = exercise_by_id("hip_hinge").appearance.stroke
START = Snapshot(time_s=0.0, stage=Stage.SET, exercise="hip_hinge")


@pytest.mark.parametrize(
    ("phase", "phase_s", "share", "seconds"),
    [
        (RepPhase.ECCENTRIC, STROKE.down_s / 2, 0.5, STROKE.down_s / 2),
        (RepPhase.ECCENTRIC, STROKE.down_s * 3, 1.0, STROKE.down_s * 3),
        (RepPhase.BOTTOM, 0.2, 1.0, 0.2),
        (RepPhase.CONCENTRIC, STROKE.up_s / 2, 0.5, STROKE.up_s / 2),
        (RepPhase.CONCENTRIC, 200.0, 0.0, 9.9),
        (RepPhase.TOP, 5.0, 0.0, 0.0),  # no rep before this one
    ],
)
def test_the_ring_fills_on_the_way_down_and_empties_on_the_way_up(
    phase: RepPhase, phase_s: float, share: float, seconds: float
) -> None:
    assert ring_of(replace(START, phase=phase, phase_s=phase_s), STROKE) == (share, seconds)


def test_between_reps_the_ring_shows_the_last_way_down() -> None:
    snapshot = samples()["set-down"].snapshot
    assert snapshot is not None
    assert snapshot.last is not None
    resting = replace(snapshot, phase=RepPhase.TOP)
    assert ring_of(resting, STROKE) == (0.0, snapshot.last.tempo.eccentric_s)
