from itertools import combinations

import pygame
import pytest

from kiosk.coaching.record import Measures, Rep, Tempo
from kiosk.ui.screen.toolkit.canvas import offscreen
from kiosk.ui.screen.widgets.rep_marks import RepMark, draw_rep_mark, rep_mark

TEMPO = Tempo(eccentric_s=1, pause_s=0, concentric_s=1)


@pytest.mark.parametrize(
    ("counted", "score", "mark"),
    [
        (True, 100, RepMark.CLEAN),
        (True, 99, RepMark.FAULT),
        (True, 0, RepMark.FAULT),
        (True, None, RepMark.UNJUDGED),
        (False, None, RepMark.PARTIAL),
        (False, 100, RepMark.PARTIAL),
    ],
)
def test_a_mark_follows_count_and_score(*, counted: bool, score: int | None, mark: RepMark) -> None:
    rep = Rep(
        number=1,
        start_s=0,
        bottom_s=1,
        end_s=2,
        counted=counted,
        tempo=TEMPO,
        measures=Measures(),
        score=score,
    )
    assert rep_mark(rep) is mark


@pytest.mark.parametrize("radius", [6, 20])
def test_marks_are_told_apart_without_their_colours(radius: int) -> None:
    shapes = {}
    for mark in RepMark:
        surface = offscreen((2 * radius + 2, 2 * radius + 2))
        draw_rep_mark(surface, mark, (radius + 1, radius + 1), radius)
        green = pygame.surfarray.array3d(surface)[..., 1]
        shapes[mark] = green > mark.colour[1] / 2
    for one, other in combinations(RepMark, 2):
        assert (shapes[one] ^ shapes[other]).mean() > 0.05, (one, other)
