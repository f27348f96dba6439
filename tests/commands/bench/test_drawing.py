"""The benchmark of drawing: screens in motion, and the table of what each costs."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from kiosk.coaching.snapshot import RepPhase, Stage
from kiosk.commands.bench.drawing import (
    BUDGET_MS,
    POSES_PER_S,
    format_screens,
    measure_screens,
    moving,
)
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.ui.screen.scene import Page, Scene
from kiosk.ui.screen.views.learn import lessons
from kiosk.ui.words.words import Words


@pytest.fixture
def scenes() -> dict[str, list[Scene]]:
    """Eight seconds of every screen."""
    found: dict[str, Iterator[Scene]] = dict(moving(Words.load("en"), 240, 30))
    return {name: list(moved) for name, moved in found.items()}


def test_time_passes_on_every_screen(scenes: dict[str, list[Scene]]) -> None:
    for shown in scenes.values():
        steps = {round(b.now_s - a.now_s, 6) for a, b in pairwise(shown)}
        assert steps == {round(1 / 30, 6)}


def test_the_set_goes_on_rep_after_rep(scenes: dict[str, list[Scene]]) -> None:
    shots = [scene.snapshot for scene in scenes["set-cue"]]
    reps = int(239 / 30 / exercise_by_id(shots[0].exercise).appearance.stroke.whole_s)
    assert reps >= 1
    assert shots[-1].count - shots[0].count == reps
    assert {shot.phase for shot in shots} == set(RepPhase)
    assert {shot.cue is None for shot in shots} == {True, False}  # after every second rep
    assert len({shot.time_s for shot in shots}) == 8 * POSES_PER_S


def test_every_page_and_stage_is_measured(scenes: dict[str, list[Scene]]) -> None:
    shown = [moved[0] for moved in scenes.values()]
    assert {scene.page for scene in shown} == set(Page)
    assert {scene.snapshot.stage for scene in shown if scene.snapshot} == set(Stage)
    assert any(scene.snapshot is None for scene in shown)
    parts = {page: {s.subpage for s in shown if s.page is page} for page in Page}
    assert len(parts[Page.HISTORY]) == 4
    assert len(parts[Page.LEARN]) == len(lessons(next(iter(catalogue().values()))))


def test_each_screen_is_drawn_as_often_as_asked() -> None:
    costs = measure_screens(Words.load("en"), pictures=3, size=(240, 426))
    assert set(costs) == set(moving(Words.load("en"), 3, 30))
    assert all(len(took) == 3 and min(took) > 0 for took in costs.values())


def test_the_worst_screen_stands_last_and_is_named_where_it_is_over_the_budget() -> None:
    quick, slow = [9.0, 1.0, 1.0], [9.0, 1.0, BUDGET_MS + 1]
    *_, last, verdict = format_screens({"slow": slow, "quick": quick}).splitlines()
    assert last.split() == ["slow", "3.00", "8.40", "5.00", "9.00"]
    assert verdict == "over 4 ms at the 95th percentile: slow"
    assert format_screens({"quick": quick}).endswith(
        "every screen within 4 ms at the 95th percentile"
    )
