from dataclasses import replace

import pytest

from kiosk.coaching.record import HINGE_FROM, SQUAT_TO
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.ui.screen.toolkit.canvas import Canvas, offscreen
from kiosk.ui.screen.toolkit.theme import Role, Theme
from kiosk.ui.screen.widgets.hinge_meter import HingeMeter
from kiosk.ui.words.words import Words

SIZE = (600, 60)


@pytest.fixture
def canvas(words: Words) -> Canvas:
    return Canvas(offscreen(SIZE), Theme((800, 480)), words)


def at(share: float | None, exercise: str = "hip_hinge") -> Snapshot:
    return Snapshot(time_s=0.0, stage=Stage.SET, exercise=exercise, hip_share=share)


def drawn(meter: HingeMeter, snapshot: Snapshot, canvas: Canvas, now_s: float) -> set[str]:
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
    drawn(HingeMeter(), at(share, exercise), canvas, 0.0)
    assert colours(canvas) == (squat, hinge)


def test_a_deadlift_is_drawn_without_judgement(canvas: Canvas) -> None:
    for share in (0.4, 0.63, 0.9):
        drawn(HingeMeter(), at(share, "deadlift"), canvas, 0.0)
        surface = canvas.surface
        seen = {
            tuple(surface.get_at((x, y)))[:3] for x in range(SIZE[0]) for y in range(0, SIZE[1], 2)
        }
        assert not seen & {GOOD, WARN}


def test_the_meter_waits_a_second_and_then_goes(canvas: Canvas) -> None:
    meter = HingeMeter()
    assert drawn(meter, at(None), canvas, 0.0) == set()
    shown = drawn(meter, at(0.8), canvas, 1.0)
    assert "meter" in shown
    assert drawn(meter, at(None), canvas, 1.9) == shown
    assert drawn(meter, at(None), canvas, 2.1) == set()
    assert drawn(meter, at(0.7), canvas, 9.0) == shown


def test_the_marker_glides(canvas: Canvas) -> None:
    meter = HingeMeter()
    places = []
    for frame in range(60):
        drawn(meter, at(0.5 if frame == 0 else 0.9), canvas, frame / 60)
        places.append(canvas.parts["meter"].key[0].x)
    assert places == sorted(places)
    assert len(set(places)) > 10
    fresh = drawn(HingeMeter(), at(0.9), canvas, 0.0)
    assert "meter" in fresh
    assert abs(canvas.parts["meter"].key[0].x - places[-1]) <= 1


def test_a_share_beyond_the_scale_stands_at_its_end(canvas: Canvas) -> None:
    keys = []
    for share in (0.1, 0.35, 1.0, 1.3):
        drawn(HingeMeter(), replace(at(share)), canvas, 0.0)
        keys.append(canvas.parts["meter"].key)
    assert keys[0] == keys[1] != keys[2] == keys[3]
