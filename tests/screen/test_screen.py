from dataclasses import replace
from itertools import combinations

import pygame
import pytest

from kiosk.coaching.snapshot import Stage
from kiosk.panel.button import Button
from kiosk.screen.canvas import offscreen
from kiosk.screen.samples import samples
from kiosk.screen.scene import Hold, Page, Scene
from kiosk.screen.screen import Screen
from kiosk.screen.text import CAP_RATIO
from kiosk.words.words import Words

SIZES = [(1080, 1920), (1920, 1080), (800, 480), (480, 800), (1024, 768)]
SCENES = samples()


def drawn(scene: Scene, words: Words, size: tuple[int, int] = (480, 800)) -> Screen:
    screen = Screen(offscreen(size), words)
    screen.draw(scene)
    return screen


def pixels(screen: Screen) -> bytes:
    return pygame.image.tobytes(screen.canvas._surface, "RGB")


def told(screen: Screen) -> str:
    """The message under the count; a line's first key is its text."""
    parts = sorted(item for item in screen.canvas.parts.items() if item[0].startswith("tell"))
    return " ".join(key[0] for _, part in parts if isinstance(key := part.key, tuple))


def test_samples_show_every_stage_and_page() -> None:
    assert {s.snapshot.stage for s in SCENES.values() if s.snapshot} == set(Stage)
    assert {s.page for s in SCENES.values()} == set(Page)
    assert any(s.snapshot is None for s in SCENES.values())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_cut_and_nothing_overlaps(
    name: str, size: tuple[int, int], words: Words
) -> None:
    screen = drawn(SCENES[name], words, size)
    canvas = screen.canvas
    parts = canvas.parts
    assert parts
    for part in parts.values():
        assert canvas._surface.get_rect().contains(part.box)
        if isinstance(part.key, tuple) and part.key and isinstance(part.key[0], str):
            # a box that reached over the edge has lost something
            letters = canvas.type.letters(*part.key[:3])
            assert part.box.size == letters.mask.get_size()
            # and one that was shrunk too far cannot be read from three metres
            assert part.key[2] * CAP_RATIO / canvas.theme.px_per_degree > 0.16
    for (one, a), (other, b) in combinations(parts.items(), 2):
        assert not a.box.colliderect(b.box), f"{one} {a.box} covers {other} {b.box}"


@pytest.mark.parametrize("size", [(480, 800), (800, 480)])
@pytest.mark.parametrize("name", SCENES)
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


@pytest.mark.parametrize("size", SIZES)
def test_the_count_fills_a_third_of_the_height(size: tuple[int, int], words: Words) -> None:
    parts = drawn(SCENES["set-partial"], words, size).canvas.parts
    assert 0.28 < parts["count.0"].box.height / size[1] < 0.5


def test_ten_is_as_tall_as_nine(words: Words) -> None:
    scene = SCENES["set-deep"]
    heights = [
        drawn(replace(scene, snapshot=replace(scene.snapshot, count=count)), words)
        .canvas.parts["count.0"]
        .box.height
        for count in (9, 10)
    ]
    assert abs(heights[0] - heights[1]) <= 1


def test_a_new_count_flashes_and_calms_down(words: Words) -> None:
    scene = SCENES["set-down"]
    screen = drawn(scene, words)
    calm = pixels(screen)
    screen.draw(replace(scene, snapshot=replace(scene.snapshot, count=scene.snapshot.count + 1)))
    flash = pixels(screen)
    later = replace(
        scene,
        now_s=scene.now_s + 5,
        snapshot=replace(scene.snapshot, count=scene.snapshot.count + 1),
    )
    screen.draw(later)
    assert len({calm, flash, pixels(screen)}) == 3
    assert pixels(screen) == pixels(drawn(later, words))


def test_depth_glides_between_two_poses(words: Words) -> None:
    scene = SCENES["set-first"]
    screen = drawn(scene, words)
    deeper = replace(scene.snapshot, depth=1.0)
    changes = [
        screen.draw(replace(scene, snapshot=deeper, now_s=scene.now_s + frame / 60))
        for frame in range(1, 5)
    ]
    gauge = screen.canvas.parts["depth"].box
    assert all(gauge in boxes for boxes in changes)


def test_waiting_moves_by_the_clock_alone(words: Words) -> None:
    scene = SCENES["waiting"]
    screen = drawn(scene, words)
    first = pixels(screen)
    screen.draw(replace(scene, now_s=scene.now_s + 1))
    assert pixels(screen) != first
    screen.draw(scene)
    assert pixels(screen) == first


@pytest.mark.parametrize("name", ["starting", "waiting", "set-down", "history"])
def test_a_press_is_answered_in_the_next_picture_and_fades(name: str, words: Words) -> None:
    scene = replace(SCENES[name], pressed=())
    screen = drawn(scene, words)
    before = screen.canvas.parts["legend.finish.icon"].key
    screen.draw(replace(scene, pressed=(Hold(Button.FINISH),)))
    pressed = screen.canvas.parts["legend.finish.icon"].key
    screen.draw(replace(scene, pressed=(Hold(Button.FINISH, 0.5),)))
    held = screen.canvas.parts["legend.finish.icon"].key
    screen.draw(replace(scene, now_s=scene.now_s + 10))
    assert len({before, pressed, held}) == 3
    assert screen.canvas.parts["legend.finish.icon"].key == before


def test_a_partial_says_why_and_then_makes_way(words: Words) -> None:
    scene = SCENES["set-partial"]
    screen = drawn(scene, words)
    assert told(screen) == words("partial.too_shallow")
    snapshot = replace(scene.snapshot, time_s=scene.snapshot.time_s + 10)
    screen.draw(replace(scene, snapshot=snapshot))
    assert told(screen) == words("phase.top")


def test_a_reason_without_words_is_still_told(words: Words) -> None:
    scene = SCENES["set-partial"]
    last = replace(scene.snapshot.last, partial_reason="brand_new")
    screen = drawn(replace(scene, snapshot=replace(scene.snapshot, last=last)), words)
    assert told(screen) == words("partial.other")


def test_history_pages_show_every_set_once(words: Words) -> None:
    scene = replace(SCENES["history"], pressed=())
    screen = drawn(scene, words)
    pages = screen.history_pages(len(scene.history))
    shown = []
    for page in range(pages):
        screen.draw(replace(scene, history_page=page))
        parts = screen.canvas.parts
        shown.append(sum(name.endswith(".exercise.0") for name in parts))
    assert pages > 1
    assert sum(shown) == len(scene.history)
    assert screen.history_pages(0) == 1
    screen.draw(replace(scene, history_page=0))
    first = pixels(screen)
    screen.draw(replace(scene, history_page=pages))
    assert pixels(screen) == first


def test_any_notice_fits(words: Words) -> None:
    long = "The camera at /dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920-index0 is gone; " * 3
    scene = replace(SCENES["set-down"], notices=(long, long, long))
    for size in SIZES:
        parts = drawn(scene, words, size).canvas.parts
        for (one, a), (other, b) in combinations(parts.items(), 2):
            assert not a.box.colliderect(b.box), f"{one} covers {other}"


def test_ten_thousand_pictures_keep_no_more_than_a_few(words: Words) -> None:
    screen = Screen(offscreen((240, 160)), words)
    scene = SCENES["set-down"]
    letters = screen.canvas.type._letters
    fits = screen.canvas.type._fits
    for frame in range(10_000):
        snapshot = replace(
            scene.snapshot, count=frame, depth=frame % 60 / 50, time_s=scene.snapshot.time_s + frame
        )
        screen.draw(replace(scene, snapshot=snapshot, now_s=frame / 60))
    assert letters.total <= letters._budget
    assert len(fits._kept) <= 512
    assert len(screen.canvas.parts) < 40
