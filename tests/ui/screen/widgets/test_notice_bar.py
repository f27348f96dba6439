from dataclasses import replace
from itertools import combinations

from pygame import Rect

from drawing import SCENES, SIZES, drawn, line_of
from kiosk.ui.screen.widgets.notice_bar import place_notices
from kiosk.ui.words.words import Words


def test_any_notice_fits(words: Words) -> None:
    long = "The camera at /dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920-index0 is gone; " * 3
    scene = replace(SCENES["set-down"], notices=(long, long, long))
    for size in SIZES:
        parts = drawn(scene, words, size).canvas.parts
        for (one, a), (other, b) in combinations(parts.items(), 2):
            assert not a.box.colliderect(b.box), f"{one} covers {other}"


def test_the_two_newest_are_shown_each_with_its_sign(words: Words) -> None:
    scene = replace(SCENES["set-down"], notices=("one", "two", "three"))
    screen = drawn(scene, words)
    assert [line_of(screen, f"notice.{n}") for n in (0, 1, 2)] == ["two", "three", ""]
    parts = screen.canvas.parts
    for number in (0, 1):
        sign, text = parts[f"notice.{number}.sign"].box, parts[f"notice.{number}.0"].box
        assert sign.right < text.left
        assert abs(sign.centery - text.centery) < sign.height / 2


def test_without_notices_nothing_is_taken_from_the_screen(words: Words) -> None:
    canvas = drawn(SCENES["set-down"], words).canvas
    box = Rect(0, 0, 480, 600)
    assert place_notices((), box, canvas) == box
    assert place_notices(("one",), box, canvas).bottom == box.bottom
    assert place_notices(("one",), box, canvas).top > box.top
