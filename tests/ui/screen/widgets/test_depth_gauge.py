"""Depth and tempo: what they show agrees with what the checks say."""

from dataclasses import replace

import pytest

from kiosk.coaching.snapshot import RepPhase
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.ui.screen.gallery.scenes import samples
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.screen import Screen
from kiosk.ui.screen.toolkit.canvas import offscreen
from kiosk.ui.screen.widgets.depth_gauge import depth_band
from kiosk.ui.words.words import Words

SCENE = samples()["set-down"]
STROKE = exercise_by_id("hip_hinge").form.stroke


def with_snapshot(**changes: object) -> Scene:
    assert SCENE.snapshot is not None
    return replace(SCENE, snapshot=replace(SCENE.snapshot, **changes))  # type: ignore[arg-type]  # its own fields


@pytest.mark.parametrize("exercise_id", catalogue())
def test_a_good_rep_ends_inside_the_band(exercise_id: str) -> None:
    exercise = exercise_by_id(exercise_id)
    low, high = depth_band(exercise)
    assert 0.5 < low < 1 < high
    if exercise.target is None and exercise.rep.full_lean_deg > 50:
        assert low < exercise.form.stroke.lean_deg / exercise.rep.full_lean_deg < high


def test_the_band_begins_where_a_rep_is_no_longer_called_shallow() -> None:
    exercise = exercise_by_id("hip_hinge")
    rule = next(rule for rule in exercise.checks if rule.id == "shallow")
    low, _ = depth_band(exercise)
    assert low * exercise.rep.full_lean_deg == pytest.approx(rule.limit + rule.band)
    form = exercise.form
    assert form.gone_wrong("shallow").lean_deg < low * exercise.rep.full_lean_deg


@pytest.mark.parametrize(
    ("phase", "phase_s", "share", "figure"),
    [
        (RepPhase.ECCENTRIC, STROKE.down_s / 2, 0.5, f"{STROKE.down_s / 2:.1f}"),
        (RepPhase.ECCENTRIC, STROKE.down_s * 3, 1.0, f"{STROKE.down_s * 3:.1f}"),
        (RepPhase.BOTTOM, 0.2, 1.0, "0.2"),
        (RepPhase.CONCENTRIC, STROKE.up_s / 2, 0.5, f"{STROKE.up_s / 2:.1f}"),
        (RepPhase.CONCENTRIC, 200.0, 0.0, "9.9"),
    ],
)
def test_the_ring_fills_on_the_way_down_and_empties_on_the_way_up(
    phase: RepPhase, phase_s: float, share: float, figure: str, words: Words
) -> None:
    screen = Screen(offscreen((480, 800)), words)
    screen.draw(with_snapshot(phase=phase, phase_s=phase_s))
    assert screen.canvas.parts["tempo"].key == (share, figure, phase)


def test_between_reps_the_ring_tells_the_last_way_down(words: Words) -> None:
    screen = Screen(offscreen((480, 800)), words)
    screen.draw(with_snapshot(phase=RepPhase.TOP))
    last = SCENE.snapshot.last if SCENE.snapshot else None
    assert last is not None
    key = screen.canvas.parts["tempo"].key
    assert key == (0.0, f"{last.tempo.eccentric_s:.1f}", RepPhase.TOP)
