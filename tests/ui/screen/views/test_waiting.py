"""The waiting screen moves with the exercise; starting and faults take its place."""

from dataclasses import replace
from datetime import time

import pytest

from drawing import SCENES, drawn, line_of, pixels
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.ui.screen.toolkit.theme import Role
from kiosk.ui.words.words import Words


def test_waiting_moves_by_the_clock_alone(words: Words) -> None:
    scene = SCENES["waiting"]
    screen = drawn(scene, words)
    first = pixels(screen)
    screen.draw(replace(scene, now_s=scene.now_s + 1))
    assert pixels(screen) != first
    screen.draw(scene)
    assert pixels(screen) == first


def test_the_time_stands_in_large_figures_and_gives_way_to_a_rest(words: Words) -> None:
    scene = replace(SCENES["waiting"], clock=time(6, 5, 59))
    screen = drawn(scene, words)
    assert line_of(screen, "clock.0") == "6:05"
    heights = {name: part.box.height for name, part in screen.canvas.parts.items()}
    assert heights["clock.0"] == max(h for name, h in heights.items() if name != "figure")
    assert screen.draw(replace(scene, clock=time(6, 5, 1))) == []
    resting = next(one for one in SCENES.values() if one.lifting.rest is not None)
    assert "clock.0" not in drawn(replace(resting, clock=time(6, 5)), words).canvas.parts
    assert "clock.0" not in drawn(SCENES["waiting"], words).canvas.parts


def test_a_word_lights_up_with_its_part_of_the_movement(words: Words) -> None:
    scene = SCENES["waiting"]
    stroke = exercise_by_id("hip_hinge").appearance.stroke
    screen = drawn(scene, words)
    seen = []
    for now_s in (stroke.down_s / 2, stroke.down_s + 0.1, stroke.down_s + stroke.hold_s + 0.3):
        screen.draw(replace(scene, now_s=now_s))
        lit = [screen.canvas.parts[f"word.{n}.0"].key[3] == Role.TEXT for n in range(3)]
        seen.append(lit.index(True))
        assert sum(lit) == 1
    assert seen == [0, 1, 2]


@pytest.mark.parametrize("fault", ["camera", "model", "runtime"])
def test_what_keeps_the_mirror_from_seeing_takes_the_whole_screen(fault: str, words: Words) -> None:
    screen = drawn(SCENES[f"fault-{fault}"], words, (1920, 1080))
    title = " ".join(line_of(screen, f"title.{n}") for n in (0, 1)).strip()
    assert title == words(f"fault.{fault}.title")
    assert not any(name.startswith("notice") for name in screen.canvas.parts)


def test_another_fault_stands_above_it(words: Words) -> None:
    parts = drawn(SCENES["fault-and-history"], words).canvas.parts
    assert {"title.0", "notice.0.0"} <= parts.keys()
    assert "notice.1.0" not in parts


def test_three_dots_swell_one_after_the_other(words: Words) -> None:
    parts = drawn(SCENES["starting"], words).canvas.parts
    assert len({parts[f"dot.{n}"].key for n in range(3)}) == 3
    assert len({parts[f"dot.{n}"].box.centery for n in range(3)}) == 1
