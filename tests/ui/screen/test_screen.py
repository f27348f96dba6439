"""Every scene is legible at every size and depends on nothing else; notices stand above it."""

from dataclasses import replace
from itertools import combinations, pairwise, product

import pytest
from pygame import Rect

from drawing import SCENES, SIZES, assert_legible, drawn, line_of, pixels, scenes_of
from kiosk.ui.screen.gallery.scenes import kept_samples
from kiosk.ui.screen.screen import Screen, place_notices
from kiosk.ui.screen.toolkit.canvas import offscreen
from kiosk.ui.screen.toolkit.motion import DIM, DIM_FROM_S, DRIFT_S
from kiosk.ui.words.words import Words, languages

KEPT = kept_samples(Words.load("en")).keys()


@pytest.mark.parametrize(
    ("name", "size", "language"),
    [
        # where there is least room in every language, and everywhere in that of the longest words
        *product(sorted(SCENES), SIZES[2:4], languages()),
        *product(KEPT, [*SIZES[:2], *SIZES[4:]], ["de"]),
    ],
)
def test_nothing_is_cut_and_nothing_overlaps(
    name: str, size: tuple[int, int], language: str
) -> None:
    assert_legible(drawn(scenes_of(language)[name], Words.load(language), size))


@pytest.mark.parametrize("size", [(480, 800), (800, 480)])
@pytest.mark.parametrize("name", KEPT)
def test_the_pixels_depend_on_the_scene_alone(
    name: str, size: tuple[int, int], words: Words
) -> None:
    screen = drawn(SCENES[name], words, size)
    first = pixels(screen)
    assert screen.draw(SCENES[name]) == []
    assert pixels(screen) == first
    # whatever stood there before, long enough ago that no motion remains, leaves no trace
    other = drawn(replace(SCENES["set-deep"], now_s=-100.0), words, size)
    other.draw(replace(SCENES[name], now_s=-50.0))
    other.draw(SCENES[name])
    assert pixels(other) == first


def test_a_picture_without_a_viewer_dims_and_wakes_at_once(words: Words) -> None:
    scene = SCENES["waiting"]
    screen = drawn(scene, words)
    bright = pixels(screen)
    levels = []
    for idle_s in (DIM_FROM_S, DIM_FROM_S + 2, DIM_FROM_S + 600):
        screen.draw(replace(scene, idle_s=idle_s))
        levels.append(max(pixels(screen)))
    assert levels[0] == max(bright) > levels[1] > levels[2]
    assert levels[2] == pytest.approx(DIM * 255, abs=4)
    screen.draw(scene)
    assert pixels(screen) == bright


def test_a_dimmed_picture_stands_still(words: Words) -> None:
    """Nobody sees it move, and each drawing takes time of the processor, day and night."""
    scene = SCENES["waiting"]
    screen = drawn(scene, words)

    def draws(idle_s: float) -> bool:
        return screen.draw(replace(scene, now_s=1000.0 + idle_s, idle_s=idle_s)) != []

    times_s = [n / 5 for n in range(1, 100)]
    assert sum(draws(time_s) for time_s in times_s) > 20
    draws(110.0)
    # but for the step aside that it makes once a minute
    assert sum(draws(110.0 + time_s) for time_s in times_s) <= 1


def test_a_screen_that_sleeps_is_black_without_drawing_and_wakes_as_it_was(words: Words) -> None:
    scene = SCENES["waiting-panel"]
    screen = drawn(scene, words)
    bright = pixels(screen)
    asleep = replace(scene, idle_s=600.0, asleep=True)
    assert screen.draw(asleep) != []
    assert max(pixels(screen)) == 0
    assert screen.draw(replace(asleep, now_s=scene.now_s + 90)) == []
    screen.draw(scene)
    assert pixels(screen) == bright


def test_a_picture_that_stands_for_hours_moves_about_unseen(words: Words) -> None:
    scene = SCENES["waiting"]
    screen = drawn(scene, words, (1080, 1920))
    places = []
    for minute in range(120):
        screen.draw(replace(scene, now_s=minute * DRIFT_S))
        places.append(screen.canvas.parts["line.0"].box.topleft)
        assert_legible(screen)
    steps = [max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in pairwise(places)]
    assert len(set(places)) > 40
    assert max(steps) <= screen.canvas.theme.grid(1)
    # and a set stands still
    calm = {
        drawn(replace(SCENES["set-down"], now_s=m * DRIFT_S), words)
        .canvas.parts["count.0"]
        .box.topleft
        for m in range(9)
    }
    assert len(calm) == 1


def test_two_thousand_pictures_keep_no_more_than_a_few(words: Words) -> None:
    screen = Screen(offscreen((240, 160)), words)
    scene = SCENES["set-down"]
    for frame in range(2_000):
        snapshot = replace(
            scene.snapshot, count=frame, depth=frame % 60 / 50, time_s=scene.snapshot.time_s + frame
        )
        screen.draw(replace(scene, snapshot=snapshot, now_s=frame / 60))
    # four screens full of letters
    assert 0 < screen.canvas.type.kept_px <= 4 * 240 * 160
    assert len(screen.canvas.parts) < 50


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
