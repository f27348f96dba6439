from dataclasses import replace

from drawing import SCENES, drawn, pixels
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
