"""The worst and the best rep stand side by side, both at the bottom together."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygame import Rect

from drawing import SCENES, line_of
from kiosk.body.pose import Keypoint
from kiosk.coaching.rep_pair import RepPair, Spots
from kiosk.ui.screen.toolkit.canvas import Canvas, offscreen
from kiosk.ui.screen.toolkit.theme import Theme
from kiosk.ui.screen.widgets.live_figure import LiveFigure
from kiosk.ui.screen.widgets.pair_figures import SPEED, TIMES, place_pair, replay_time
from kiosk.ui.words.words import Words
from people import FEW

SIZE = (800, 600)
PAIR: RepPair = SCENES["summary-pair"].snapshot.pair
ONCE_S = (PAIR.to_s - PAIR.from_s) / SPEED
REST_S = 10 * ONCE_S
STEP_S = 0.08


def placed(words: Words, pair: RepPair = PAIR, since_s: float = REST_S) -> Canvas:
    canvas = Canvas(offscreen(SIZE), Theme(SIZE), words)
    place_pair(canvas, pair, since_s, Rect(0, 0, *SIZE))
    canvas.finish()
    return canvas


def figures(canvas: Canvas) -> dict[str, tuple[LiveFigure | None, LiveFigure | None]]:
    """Each rep's figure and the ghost behind it."""
    return {
        name: canvas.parts[f"figure.{name}"].key  # type: ignore[misc]  # the two that are drawn
        for name in ("worst", "best")
        if f"figure.{name}" in canvas.parts
    }


def without(spots: Spots, *joints: Keypoint) -> Spots:
    return tuple(None if k in joints else spot for k, spot in zip(Keypoint, spots, strict=True))


def hiding(*joints: Keypoint) -> RepPair:
    worst = PAIR.worst
    return replace(
        PAIR, worst=replace(worst, spots=tuple(without(s, *joints) for s in worst.spots))
    )


@given(st.floats(0, REST_S))
def test_both_are_shown_twice_at_half_speed_and_then_rest_at_the_bottom(since_s: float) -> None:
    shown_s = replay_time(PAIR, since_s)
    assert PAIR.from_s <= shown_s <= PAIR.to_s
    if since_s < ONCE_S - STEP_S:
        assert shown_s == pytest.approx(PAIR.from_s + SPEED * since_s, abs=STEP_S)
        assert replay_time(PAIR, since_s + ONCE_S) == pytest.approx(shown_s, abs=STEP_S)
    if since_s > TIMES * ONCE_S - PAIR.from_s / SPEED + STEP_S:
        assert shown_s == 0.0


def test_before_it_begins_both_stand_at_their_start() -> None:
    assert replay_time(PAIR, -5.0) == PAIR.from_s


def test_the_ghost_is_the_best_rep_at_the_same_time(words: Words) -> None:
    shown = figures(placed(words))
    assert shown["worst"][1] == shown["best"][0]
    assert shown["worst"][0] != shown["worst"][1]
    assert shown["best"][1] is None


def test_only_the_worst_rep_is_lit_at_the_joint_at_fault(words: Words) -> None:
    shown = figures(placed(words))
    worst, ghost = shown["worst"]
    assert worst is not None
    assert ghost is not None
    knees = [limb[1][0] for limb in worst.near if len(limb) == 3]
    assert worst.lit in knees
    assert ghost.lit is None


def test_a_rep_faces_as_in_the_mirror(words: Words) -> None:
    """Whoever faces the camera picture's right faces left in the glass."""
    worst, _ = figures(placed(words))["worst"]
    assert worst is not None
    assert worst.head is not None
    ankle_x = worst.near[-2][-1][0][0]
    assert worst.head[0] < ankle_x


@FEW
@given(st.sets(st.sampled_from([k for k in Keypoint if k >= Keypoint.LEFT_SHOULDER]), min_size=1))
def test_hidden_joints_are_never_drawn(hidden: set[Keypoint]) -> None:
    words = Words.load("en")
    whole, cut = (figures(placed(words, pair))["worst"][0] for pair in (PAIR, hiding(*hidden)))
    assert whole is not None
    assert cut is not None

    def ends(figure: LiveFigure) -> set[object]:
        return {end for limb in (*figure.near, *figure.far) for end in limb}

    def segments(figure: LiveFigure) -> set[object]:
        limbs = (*figure.near, *figure.far)
        return {pair for limb in limbs for pair in pairwise(limb)}

    assert ends(cut) <= ends(whole)
    assert segments(cut) < segments(whole)


def test_a_joint_at_fault_that_is_hidden_is_not_lit(words: Words) -> None:
    worst, _ = figures(placed(words, hiding(Keypoint.RIGHT_KNEE)))["worst"]
    assert worst is not None
    assert worst.lit is None


def test_nothing_is_drawn_while_nothing_was_seen(words: Words) -> None:
    gap = replace(PAIR.worst, times_s=(-1.0, 1.0), spots=PAIR.worst.spots[:2])
    assert figures(placed(words, replace(PAIR, worst=gap)))["worst"][0] is None


def test_every_moment_fits_into_its_box(words: Words) -> None:
    for step in range(40):
        canvas = placed(words, since_s=step * ONCE_S / 40)
        for name, shown in figures(canvas).items():
            box = canvas.parts[f"figure.{name}"].box
            for figure in filter(None, shown):
                points = [at for limb in (*figure.near, *figure.far) for at, _ in limb]
                assert all(0 < x < box.width and 0 < y < box.height for x, y in points)
                assert figure.head is not None
                assert figure.head[1] - 0.062 * figure.height_px >= -1


def test_each_rep_has_its_number_its_mark_and_what_it_is(words: Words) -> None:
    class Shown:
        canvas = placed(words)

    assert line_of(Shown, "pair.worst.number") == words("summary.rep", number=5)  # type: ignore[arg-type]  # has a canvas
    assert line_of(Shown, "pair.worst.text") == "knees"  # type: ignore[arg-type]  # has a canvas
    assert line_of(Shown, "pair.best.number") == words("summary.rep", number=4)  # type: ignore[arg-type]  # has a canvas
    assert line_of(Shown, "pair.best.text") == "your best"  # type: ignore[arg-type]  # has a canvas
    assert {"pair.worst.sign", "pair.best.sign"} <= Shown.canvas.parts.keys()


def test_one_rep_alone_stands_in_the_middle(words: Words) -> None:
    canvas = placed(words, replace(PAIR, best=None))
    assert figures(canvas).keys() == {"worst"}
    assert canvas.parts["figure.worst"].box.centerx == SIZE[0] // 2
    assert figures(canvas)["worst"][1] is None
