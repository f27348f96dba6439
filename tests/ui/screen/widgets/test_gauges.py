"""The gauges agree with the verdicts, and follow the movement."""

from dataclasses import replace

import pytest

from drawing import SCENES, drawn
from kiosk.coaching.record import HINGE_FROM, SQUAT_TO
from kiosk.coaching.snapshot import RepPhase, Snapshot, Stage
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.ui.screen.gallery.scenes import samples
from kiosk.ui.screen.toolkit.canvas import Canvas, offscreen
from kiosk.ui.screen.toolkit.theme import Role, Theme
from kiosk.ui.screen.widgets.gauges import HingeMeter, depth_band, ring_of
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


SIZE = (600, 60)


@pytest.fixture
def canvas(words: Words) -> Canvas:
    return Canvas(offscreen(SIZE), Theme((800, 480)), words)


def at(share: float | None, exercise: str = "hip_hinge") -> Snapshot:
    return Snapshot(time_s=0.0, stage=Stage.SET, exercise=exercise, hip_share=share)


def metered(meter: HingeMeter, snapshot: Snapshot, canvas: Canvas, now_s: float) -> set[str]:
    meter.draw(snapshot, canvas.surface.get_rect(), canvas, now_s)
    canvas.finish()
    return set(canvas.parts)


def colours(canvas: Canvas) -> tuple[object, object]:
    """Of the words squat and hinge."""
    squat, hinge = (canvas.parts[f"meter.{zone}.0"].key for zone in ("squat", "hinge"))
    assert isinstance(squat, tuple)
    assert isinstance(hinge, tuple)
    return squat[3], hinge[3]


QUIET, TEXT = Role.QUIET, Role.TEXT
GOOD, WARN = Role.GOOD, Role.WARN


@pytest.mark.parametrize(
    ("exercise", "share", "squat", "hinge"),
    [
        ("hip_hinge", HINGE_FROM, QUIET, GOOD),
        ("hip_hinge", HINGE_FROM - 0.01, QUIET, QUIET),
        ("hip_hinge", SQUAT_TO, WARN, QUIET),
        ("squat", SQUAT_TO, GOOD, QUIET),
        ("squat", HINGE_FROM, QUIET, WARN),
        ("deadlift", SQUAT_TO, TEXT, QUIET),
        ("deadlift", HINGE_FROM, QUIET, TEXT),
        ("romanian_deadlift", 1.4, QUIET, GOOD),
        ("romanian_deadlift", 0.0, WARN, QUIET),
    ],
)
def test_the_word_of_the_zone_is_lit_by_what_the_exercise_wants(
    exercise: str, share: float, squat: object, hinge: object, canvas: Canvas
) -> None:
    metered(HingeMeter(), at(share, exercise), canvas, 0.0)
    assert colours(canvas) == (squat, hinge)


def test_a_deadlift_is_drawn_without_judgement(canvas: Canvas) -> None:
    for share in (0.4, 0.63, 0.9):
        metered(HingeMeter(), at(share, "deadlift"), canvas, 0.0)
        surface = canvas.surface
        seen = {
            tuple(surface.get_at((x, y)))[:3] for x in range(SIZE[0]) for y in range(0, SIZE[1], 2)
        }
        assert not seen & {GOOD, WARN}


def test_the_meter_waits_a_second_and_then_goes(canvas: Canvas) -> None:
    meter = HingeMeter()
    assert metered(meter, at(None), canvas, 0.0) == set()
    shown = metered(meter, at(0.8), canvas, 1.0)
    assert "meter" in shown
    assert metered(meter, at(None), canvas, 1.9) == shown
    assert metered(meter, at(None), canvas, 2.1) == set()
    assert metered(meter, at(0.7), canvas, 9.0) == shown


def test_the_marker_glides(canvas: Canvas) -> None:
    meter = HingeMeter()
    places = []
    for frame in range(60):
        metered(meter, at(0.5 if frame == 0 else 0.9), canvas, frame / 60)
        places.append(canvas.parts["meter"].key[0].x)
    assert places == sorted(places)
    assert len(set(places)) > 10
    fresh = metered(HingeMeter(), at(0.9), canvas, 0.0)
    assert "meter" in fresh
    assert abs(canvas.parts["meter"].key[0].x - places[-1]) <= 1


def test_a_share_beyond_the_scale_stands_at_its_end(canvas: Canvas) -> None:
    keys = []
    for share in (0.1, 0.35, 1.0, 1.3):
        metered(HingeMeter(), replace(at(share)), canvas, 0.0)
        keys.append(canvas.parts["meter"].key)
    assert keys[0] == keys[1] != keys[2] == keys[3]
