"""The moving figure follows its stroke, rests for nothing, and shows what is asked of it."""

import pytest
from pygame import Rect

from kiosk.coaching.snapshot import RepPhase
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.ui.screen.toolkit.canvas import Canvas, offscreen
from kiosk.ui.screen.toolkit.theme import Theme
from kiosk.ui.screen.widgets.demonstration import BACK, place_demonstration
from kiosk.ui.words.words import Words

BOX = Rect(10, 10, 280, 280)
HINGE = exercise_by_id("hip_hinge")
STROKE = HINGE.appearance.stroke


@pytest.fixture
def canvas(words: Words) -> Canvas:
    return Canvas(offscreen((300, 300)), Theme((800, 480)), words)


def changes(canvas: Canvas, now_s: float, **asked: object) -> bool:
    """Whether the figure is drawn again at a time."""
    place_demonstration(canvas, "it", HINGE, BOX, now_s, **asked)  # type: ignore[arg-type]
    return bool(canvas.finish())


def test_the_figure_goes_through_every_phase_of_its_stroke(canvas: Canvas) -> None:
    phases = [
        place_demonstration(canvas, "it", HINGE, BOX, now_s / 20).phase
        for now_s in range(int(20 * STROKE.whole_s))
    ]
    assert list(dict.fromkeys(phases)) == [
        RepPhase.ECCENTRIC,
        RepPhase.BOTTOM,
        RepPhase.CONCENTRIC,
        RepPhase.TOP,
    ]


def test_a_figure_at_rest_costs_nothing(canvas: Canvas) -> None:
    assert changes(canvas, 0.3)
    assert changes(canvas, 0.6)
    rest_s = STROKE.whole_s - STROKE.top_s
    assert changes(canvas, rest_s + 0.2)
    assert not changes(canvas, rest_s + 0.2 + STROKE.top_s / 2)


def test_the_next_rep_is_drawn_as_the_first(canvas: Canvas) -> None:
    assert changes(canvas, 0.5)
    assert not changes(canvas, 0.5 + STROKE.whole_s)


@pytest.mark.parametrize("check", HINGE.appearance.mistakes)
def test_every_mistake_is_drawn_differently_and_marked(check: str, canvas: Canvas) -> None:
    now_s = STROKE.down_s + 0.1
    assert changes(canvas, now_s)
    assert changes(canvas, now_s, mistake=check)
    form, _, _, back, ring, _ = canvas.parts["it"].key
    assert form is HINGE.appearance
    assert (back is not None) is (check in BACK)
    assert ring == (None if check in BACK else check)


def test_a_good_back_is_shown_beside_a_bad_one(canvas: Canvas) -> None:
    changes(canvas, 0.0, beside="rounded_back")
    good = canvas.parts["it"].key[3]
    changes(canvas, 0.0, mistake="rounded_back")
    bad = canvas.parts["it"].key[3]
    assert None not in (good, bad)
    assert good != bad


def test_every_muscle_is_numbered(canvas: Canvas) -> None:
    changes(canvas, 0.0, muscles=True)
    assert len(canvas.parts["it"].key[5]) == len(HINGE.appearance.muscles)


@pytest.mark.parametrize("exercise", catalogue())
def test_no_figure_touches_the_edges_of_its_box(exercise: str, canvas: Canvas) -> None:
    form = exercise_by_id(exercise)
    for step in range(8):
        now_s = step / 8 * form.appearance.stroke.whole_s
        place_demonstration(canvas, "it", form, BOX, now_s)
        canvas.finish()
        part = canvas.surface.subsurface(BOX)
        if form.appearance.load not in ("band", "wall"):
            assert not any(any(part.get_at((x, 0))[:3]) for x in range(BOX.width))
