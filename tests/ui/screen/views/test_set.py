from dataclasses import replace
from itertools import product
from typing import get_args

import numpy as np
import pygame
import pytest

from drawing import SCENES, SIZES, drawn, line_of, message_of, pixels
from kiosk.coaching.cues import CueKind
from kiosk.coaching.record import HIDDEN, Grade
from kiosk.exercises.catalogue import catalogue
from kiosk.exercises.exercise import CheckId
from kiosk.ui.screen.screen import Screen
from kiosk.ui.screen.toolkit.canvas import offscreen
from kiosk.ui.screen.toolkit.text import CAP_RATIO
from kiosk.ui.screen.toolkit.theme import Colour, Role
from kiosk.ui.words.words import Words
from kiosk.vision.camera.frame import Frame


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


def test_a_partial_shows_its_reason_and_then_leaves(words: Words) -> None:
    scene = SCENES["set-partial"]
    screen = drawn(scene, words)
    assert message_of(screen) == words("partial.too_shallow")
    snapshot = replace(scene.snapshot, time_s=scene.snapshot.time_s + 10)
    screen.draw(replace(scene, snapshot=snapshot))
    assert message_of(screen) == words("phase.top")


@pytest.mark.parametrize(
    ("name", "key", "colour"),
    [
        ("set-cue", "cue.knee_dominance", Role.WARN),
        ("set-praise", "praise.knee_dominance", Role.GOOD),
    ],
)
@pytest.mark.parametrize("size", SIZES)
def test_a_cue_stands_in_for_the_phase_with_a_sign_and_leaves_the_count_alone(
    name: str, key: str, colour: Colour, size: tuple[int, int], words: Words
) -> None:
    scene = SCENES[name]
    screen = drawn(scene, words, size)
    assert message_of(screen) == words(key)
    parts = screen.canvas.parts
    line = parts["message.0"].key
    assert isinstance(line, tuple)
    assert line[3] == colour
    assert "sign.message" in parts
    # larger than what is read with ease, 0.25 degrees
    assert line[2] * CAP_RATIO / screen.canvas.theme.px_per_degree > 0.45
    screen.draw(replace(scene, snapshot=replace(scene.snapshot, cue=None)))
    without = screen.canvas.parts
    assert message_of(screen) == words(f"phase.{scene.snapshot.phase.value}")
    assert "sign.message" not in without
    assert without["count.0"].box == parts["count.0"].box
    assert without["figure"].box == parts["figure"].box
    assert ("flash.left" in parts) is (colour == Role.WARN)
    assert "flash.left" not in without


def test_the_exercise_has_its_own_cue(words: Words) -> None:
    snapshot = replace(SCENES["set-cue"].snapshot, exercise="squat")
    screen = drawn(replace(SCENES["set-cue"], snapshot=snapshot), words)
    assert message_of(screen) == words("cue.squat.knee_dominance")


def test_the_newer_of_cue_and_partial_is_shown(words: Words) -> None:
    scene = SCENES["set-partial"]
    cue = SCENES["set-cue"].snapshot.cue
    end_s = scene.snapshot.last.end_s
    for time_s, expected in (
        (end_s - 1, "partial.too_shallow"),
        (end_s, "cue.knee_dominance"),
    ):
        snapshot = replace(scene.snapshot, cue=replace(cue, time_s=time_s))
        assert message_of(drawn(replace(scene, snapshot=snapshot), words)) == words(expected)


@pytest.mark.parametrize("kind", [CueKind.FAULT, CueKind.PRAISE])
@pytest.mark.parametrize("size", SIZES)
def test_every_cue_of_every_exercise_fits(
    kind: CueKind, size: tuple[int, int], words: Words
) -> None:
    screen = Screen(offscreen(size), words)
    for exercise, check in product(catalogue(), get_args(CheckId)):
        scene = SCENES["set-cue"]
        cue = replace(scene.snapshot.cue, kind=kind, check=check)
        screen.draw(
            replace(scene, snapshot=replace(scene.snapshot, exercise=exercise, cue=cue)),
        )
        assert message_of(screen) == words(words.own_key(cue.key, exercise))
        sign, line = screen.canvas.parts["sign.message"], screen.canvas.parts["message.0"]
        assert sign.box.right < line.box.left
        assert line.key[2] * CAP_RATIO / screen.canvas.theme.px_per_degree > 0.3


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("reason", HIDDEN)
def test_a_hint_fits_and_bears_no_sign_of_a_verdict(
    reason: str, size: tuple[int, int], words: Words
) -> None:
    scene = SCENES["set-hint"]
    cue = replace(scene.snapshot.cue, check=reason)
    screen = Screen(offscreen(size), words)
    screen.draw(replace(scene, snapshot=replace(scene.snapshot, cue=cue)))
    assert message_of(screen) == words(f"hint.{reason}")
    parts = screen.canvas.parts
    assert not any(name.startswith(("sign.", "flash.")) for name in parts)
    assert parts["message.0"].key[2] * CAP_RATIO / screen.canvas.theme.px_per_degree > 0.3


def test_who_stands_beside_takes_the_place_of_the_drill_for_a_while(words: Words) -> None:
    scene = SCENES["set-beside"]
    assert scene.snapshot.drill is not None
    screen = drawn(scene, words)
    assert line_of(screen, "beside") == words("set.bystander")
    assert line_of(screen, "drill") == ""
    screen.draw(replace(scene, snapshot=replace(scene.snapshot, bystander=False)))
    assert line_of(screen, "beside") == ""
    assert line_of(screen, "drill") != ""


def test_the_drill_on_offer_is_named_and_moves_nothing(words: Words) -> None:
    scene = SCENES["set-drill"]
    screen = drawn(scene, words)
    offered = screen.canvas.parts
    assert line_of(screen, "drill") == words("set.drill", drill=words("drill.wall_tap.name"))
    screen.draw(replace(scene, snapshot=replace(scene.snapshot, drill=None)))
    rest = screen.canvas.parts
    assert offered.keys() - rest.keys() == {"drill.0"}
    assert all(rest[name].box == offered[name].box for name in rest)


def test_a_mark_shows_a_fault(words: Words) -> None:
    scene = SCENES["set-cue"]
    record = scene.snapshot.current
    clean = replace(record, reps=tuple(replace(rep, grade=Grade.CLEAN) for rep in record.reps))
    other = replace(scene, snapshot=replace(scene.snapshot, current=clean))
    screen = drawn(scene, words)
    changed = screen.draw(other)
    assert changed == [screen.canvas.parts["marks"].box]


def test_a_reason_without_words_is_still_shown(words: Words) -> None:
    scene = SCENES["set-partial"]
    last = replace(scene.snapshot.last, partial_reason="brand_new")
    screen = drawn(replace(scene, snapshot=replace(scene.snapshot, last=last)), words)
    assert message_of(screen) == words("partial.other")


def test_a_faults_bars_swell_and_go(words: Words) -> None:
    scene = SCENES["set-cue"]
    said_s = scene.snapshot.cue.time_s
    seen = []
    for tenth in range(20):
        snapshot = replace(scene.snapshot, time_s=said_s + tenth / 10)
        parts = drawn(replace(scene, snapshot=snapshot), words).canvas.parts
        seen.append(parts["flash.left"].key[0] if "flash.left" in parts else None)
    assert seen[0] == Role.WARN
    assert len(set(seen)) > 4
    assert seen[-1] is None


def test_the_joint_in_question_is_lit(words: Words) -> None:
    scene = SCENES["set-cue"]
    figures = {}
    for check in ("knee_dominance", "no_lockout", "tempo"):
        cue = replace(scene.snapshot.cue, check=check)
        screen = drawn(replace(scene, snapshot=replace(scene.snapshot, cue=cue)), words)
        figures[check] = screen.canvas.parts["figure"].key[0].lit
    assert figures["tempo"] is None
    assert figures["knee_dominance"][1] > figures["no_lockout"][1]


def test_the_cameras_picture_stands_mirrored_behind_the_figure(words: Words) -> None:
    rgbx = np.zeros((48, 64, 4), np.uint8)
    rgbx[:, :20, 2] = 250  # on the camera's left, so on the right in a mirror
    scene = SCENES["set-down"]
    screen = drawn(replace(scene, picture=Frame(rgbx=rgbx, time_s=1.0)), words)
    box = screen.canvas.parts["figure"].box
    blue = pygame.surfarray.array3d(screen.canvas.surface.subsurface(box))[..., 2] > 90
    red = pygame.surfarray.array3d(screen.canvas.surface.subsurface(box))[..., 0] > 50
    only = blue & ~red
    assert only[box.width // 2 :].sum() > 20 * only[: box.width // 2].sum()
