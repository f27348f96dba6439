from dataclasses import replace

import pytest

from drawing import SCENES, drawn
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.ui.screen.widgets.depth_gauge import depth_band
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
