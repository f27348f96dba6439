"""Shapes cover what their arguments ask for, and nothing beyond it."""

import numpy as np
import pytest
from numpy.typing import NDArray
from pygame import Rect, Surface, surfarray

from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import offscreen

WHITE = (255, 255, 255)
SIZE = 80


@pytest.fixture
def surface() -> Surface:
    return offscreen((SIZE, SIZE))


def light(surface: Surface) -> NDArray[np.float64]:
    """Of each pixel, 0 to 1, by x and y."""
    return surfarray.array3d(surface)[..., 0] / 255


def extent(surface: Surface) -> Rect:
    """The box of what was drawn."""
    xs, ys = np.nonzero(light(surface) > 0.5)
    return Rect(xs.min(), ys.min(), xs.max() + 1 - xs.min(), ys.max() + 1 - ys.min())


def test_a_dot_covers_its_circle_and_never_vanishes(surface: Surface) -> None:
    draw.dot(surface, WHITE, (40, 40), 20)
    assert light(surface).sum() == pytest.approx(np.pi * 20**2, rel=0.05)
    tiny = offscreen((SIZE, SIZE))
    draw.dot(tiny, WHITE, (40, 40), 0.1)
    assert light(tiny).any()


def test_a_circle_leaves_its_middle_free(surface: Surface) -> None:
    draw.circle(surface, WHITE, (40, 40), 30, 4)
    assert light(surface)[40, 40] == 0
    assert light(surface)[12, 40] > 0.9
    assert light(surface).sum() == pytest.approx(np.pi * (30**2 - 26**2), rel=0.1)


def test_a_bar_fills_its_box_but_for_the_corners(surface: Surface) -> None:
    box = Rect(10, 20, 60, 20)
    draw.bar(surface, WHITE, box)
    assert abs(extent(surface).width - box.width) <= 2
    assert abs(extent(surface).height - box.height) <= 2
    assert light(surface)[40, 30] == 1
    assert light(surface)[11, 21] == 0


def test_a_taper_is_thick_where_it_starts_and_thin_where_it_ends(surface: Surface) -> None:
    draw.taper(surface, WHITE, (20, 40), 15, (60, 40), 5)
    thickness = light(surface).sum(axis=1)
    assert thickness[22] == pytest.approx(30, abs=2)
    assert thickness[60] == pytest.approx(10, abs=2)


def test_a_taper_inside_its_thick_end_is_a_dot(surface: Surface) -> None:
    draw.taper(surface, WHITE, (40, 40), 20, (42, 40), 3)
    dot = offscreen((SIZE, SIZE))
    draw.dot(dot, WHITE, (40, 40), 20)
    assert np.array_equal(light(surface), light(dot))


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_a_ring_runs_clockwise_from_the_top(share: float, surface: Surface) -> None:
    draw.ring(surface, WHITE, (40, 40), 30, 6, share)
    at = {"upper right": (59, 21), "lower right": (59, 59), "upper left": (21, 21)}
    assert light(surface).any() == (share > 0)
    lit = {name for name, place in at.items() if light(surface)[place] > 0.5}
    assert (
        lit
        == {
            0.0: set(),
            0.25: {"upper right"},
            0.5: {"upper right", "lower right"},
            1.0: {"upper right", "lower right", "upper left"},
        }[share]
    )


def test_a_frame_marks_the_corners_alone(surface: Surface) -> None:
    draw.frame(surface, WHITE, Rect(10, 10, 60, 60), 15, 4)
    seen = light(surface)
    assert all(seen[x, y] > 0.5 for x in (12, 67) for y in (12, 67))
    assert not seen[30:50].any()
    assert not seen[:, 30:50].any()


def test_round_corners_are_cut_by_their_radius(surface: Surface) -> None:
    draw.rounded(surface, WHITE, Rect(10, 10, 60, 60), 20)
    missing = 60 * 60 - light(surface).sum()
    assert missing == pytest.approx((4 - np.pi) * 20**2, rel=0.35)


def test_smoothing_stays_inside_and_gives_four_times_the_points() -> None:
    square = [(0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (0.0, 8.0)]
    points = draw.smooth(square)
    assert len(points) == 16
    assert all(0 <= x <= 8 and 0 <= y <= 8 for x, y in points)
    assert (0.0, 0.0) not in points
