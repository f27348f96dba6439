"""Each kind of rep has a mark of its own, and a verdict stands behind one."""

from itertools import combinations

import pygame
import pytest
from pygame import Rect

from kiosk.coaching.record import Grade, Measures, Rep, Tempo
from kiosk.ui.screen.toolkit.canvas import Canvas, offscreen
from kiosk.ui.screen.toolkit.theme import Level, Role, Theme
from kiosk.ui.screen.widgets.rep_marks import RepMark, draw_rep_mark, place_verdict, rep_mark
from kiosk.ui.words.words import Words

TEMPO = Tempo(eccentric_s=1, pause_s=0, concentric_s=1)


@pytest.mark.parametrize(
    ("counted", "grade", "mark"),
    [
        (True, Grade.CLEAN, RepMark.CLEAN),
        (True, Grade.FAULTY, RepMark.FAULTY),
        (True, Grade.PARTLY, RepMark.PARTLY),
        (True, Grade.UNJUDGED, RepMark.UNJUDGED),
        (True, None, RepMark.UNJUDGED),
        (False, None, RepMark.PARTIAL),
        (False, Grade.CLEAN, RepMark.PARTIAL),
    ],
)
def test_a_mark_follows_count_and_grade(
    *, counted: bool, grade: Grade | None, mark: RepMark
) -> None:
    rep = Rep(
        number=1,
        start_s=0,
        bottom_s=1,
        end_s=2,
        counted=counted,
        tempo=TEMPO,
        measures=Measures(),
        grade=grade,
        score=100,
    )
    assert rep_mark(rep) is mark


def test_only_a_clean_rep_is_green() -> None:
    assert [mark for mark in RepMark if mark.colour == Role.GOOD] == [RepMark.CLEAN]
    assert RepMark.PARTLY.colour == RepMark.UNJUDGED.colour == Role.QUIET


@pytest.mark.parametrize("radius", [6, 20])
def test_marks_differ_without_their_colours(radius: int) -> None:
    shapes = {}
    for mark in RepMark:
        surface = offscreen((2 * radius + 2, 2 * radius + 2))
        draw_rep_mark(surface, mark, (radius + 1, radius + 1), radius)
        green = pygame.surfarray.array3d(surface)[..., 1]
        shapes[mark] = green > mark.colour[1] / 2
    for one, other in combinations(RepMark, 2):
        assert (shapes[one] ^ shapes[other]).mean() > 0.05, (one, other)


BOX = Rect(10, 10, 780, 60)


@pytest.fixture
def canvas(words: Words) -> Canvas:
    return Canvas(offscreen((800, 480)), Theme((800, 480)), words)


@pytest.mark.parametrize("text", ["Good", "Push your hips back, and keep the bar close"])
@pytest.mark.parametrize("good", [True, False])
def test_sign_and_words_are_centred_together(*, good: bool, text: str, canvas: Canvas) -> None:
    place_verdict(canvas, "it", text, BOX, good=good, level=Level.BODY)
    canvas.finish()
    sign, words = canvas.parts["sign.it"].box, canvas.parts["it.0"].box
    assert sign.right < words.left
    assert abs(sign.union(words).centerx - BOX.centerx) <= 3
    assert BOX.contains(sign)


def test_praise_and_fault_differ_in_sign_and_colour(canvas: Canvas) -> None:
    place_verdict(canvas, "good", "Good", BOX, good=True, level=Level.BODY)
    place_verdict(canvas, "bad", "Bad", BOX.move(0, 100), good=False, level=Level.BODY)
    canvas.finish()
    parts = canvas.parts
    assert (parts["good.0"].key[3], parts["bad.0"].key[3]) == (Role.GOOD, Role.WARN)
    assert (parts["sign.good"].key, parts["sign.bad"].key) == ((), (RepMark.FAULTY,))
