import pytest
from pygame import Rect

from kiosk.ui.screen.toolkit.canvas import Canvas, offscreen
from kiosk.ui.screen.toolkit.theme import Level, Role, Theme
from kiosk.ui.screen.widgets.rep_marks import RepMark
from kiosk.ui.screen.widgets.verdict_text import place_verdict
from kiosk.ui.words.words import Words

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
    assert (parts["sign.good"].key, parts["sign.bad"].key) == ((), (RepMark.FAULT,))
