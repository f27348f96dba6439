from itertools import combinations

import pygame
import pytest

from kiosk.coaching.record import Measures, Rep, Tempo
from kiosk.ui.screen.toolkit.canvas import offscreen
from kiosk.ui.screen.widgets import rep_marks as marks
from kiosk.ui.screen.widgets.rep_marks import Mark, mark_of, paint_mark

TEMPO = Tempo(eccentric_s=1, pause_s=0, concentric_s=1)


@pytest.mark.parametrize(
    ("counted", "score", "mark"),
    [
        (True, 100, Mark.CLEAN),
        (True, 99, Mark.FAULT),
        (True, 0, Mark.FAULT),
        (True, None, Mark.UNJUDGED),
        (False, None, Mark.PARTIAL),
        (False, 100, Mark.PARTIAL),
    ],
)
def test_a_mark_follows_count_and_score(*, counted: bool, score: int | None, mark: Mark) -> None:
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
    assert mark_of(rep) is mark


@pytest.mark.parametrize("radius", [6, 20])
def test_marks_are_told_apart_without_their_colours(
    radius: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "_COLOURS", dict.fromkeys(Mark, (255, 255, 255)))
    shapes = {}
    for mark in Mark:
        surface = offscreen((2 * radius + 2, 2 * radius + 2))
        paint_mark(surface, mark, (radius + 1, radius + 1), radius)
        shapes[mark] = pygame.surfarray.array2d(surface) & 0xFF
    for one, other in combinations(Mark, 2):
        differing = abs(shapes[one].astype(int) - shapes[other]) > 128
        assert differing.mean() > 0.05, (one, other)
