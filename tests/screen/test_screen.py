from dataclasses import replace
from itertools import combinations, product
from typing import get_args

import pygame
import pytest

from kiosk.coaching.cues import CueKind, fitting
from kiosk.coaching.snapshot import FramingStep, Stage
from kiosk.coaching.summary import SCORE_RULE
from kiosk.exercises.catalogue import catalogue
from kiosk.exercises.exercise import CheckId
from kiosk.panel.button import Button
from kiosk.screen.canvas import offscreen
from kiosk.screen.marks import Mark, mark_of
from kiosk.screen.samples import samples
from kiosk.screen.scene import Hold, Page, Scene
from kiosk.screen.screen import Screen
from kiosk.screen.text import CAP_RATIO
from kiosk.screen.theme import Role
from kiosk.words.words import Words

SIZES = [(1080, 1920), (1920, 1080), (800, 480), (480, 800), (1024, 768)]
SCENES = samples()


def beside(name: str) -> Scene:
    """The sample, with somebody seen beside the user."""
    scene = SCENES[name]
    met = [FramingStep(step, met=True) for step in ("whole_body", "distance", "side_on")]
    steps = (*met, FramingStep("alone", met=False), FramingStep("still", met=True))
    assert scene.snapshot is not None
    return replace(scene, snapshot=replace(scene.snapshot, framing=steps))


SCENES |= {f"{name}-bystander": beside(name) for name in ("framing-done", "ready-go")}


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


def line_of(screen: Screen, name: str) -> str:
    """What a line says; empty where it is not on the screen."""
    parts = screen.canvas.parts
    part = parts.get(f"{name}.0", parts.get(name))
    return part.key[0] if part is not None and isinstance(part.key, tuple) else ""


def test_samples_show_every_stage_and_page() -> None:
    assert {s.snapshot.stage for s in SCENES.values() if s.snapshot} == set(Stage)
    assert {s.page for s in SCENES.values()} == set(Page)
    assert any(s.snapshot is None for s in SCENES.values())
    told = [s.snapshot for s in SCENES.values() if s.snapshot]
    assert {s.cue.kind for s in told if s.cue} == set(CueKind)
    assert {mark_of(rep) for s in told if s.current for rep in s.current.reps} == set(Mark)
    summed = [s.summary for s in told if s.summary]
    assert (
        {s.one_thing is None for s in summed} == {s.score is None for s in summed} == {True, False}
    )


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


def test_a_bystander_is_named_while_framing_and_when_ready(words: Words) -> None:
    screen = drawn(SCENES["framing-done-bystander"], words)
    assert told(screen) == words("framing.alone.tell")
    assert line_of(screen, "check.alone") == words("framing.alone.name")
    screen = drawn(SCENES["ready-go-bystander"], words)
    assert (line_of(screen, "word"), line_of(screen, "line")) == (
        words("ready.go"),
        words("ready.bystander"),
    )
    assert line_of(drawn(SCENES["ready-go"], words), "line") == words("ready.go_line")


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


@pytest.mark.parametrize(
    ("name", "key", "colour"),
    [
        ("set-cue", "cue.knee_dominance", Role.WARN),
        ("set-praise", "praise.knee_dominance", Role.GOOD),
    ],
)
@pytest.mark.parametrize("size", SIZES)
def test_a_cue_stands_in_for_the_phase_with_a_sign_and_leaves_the_count_alone(
    name: str, key: str, colour: Role, size: tuple[int, int], words: Words
) -> None:
    scene = SCENES[name]
    screen = drawn(scene, words, size)
    assert told(screen) == words(key)
    parts = screen.canvas.parts
    line = parts["tell.0"].key
    assert isinstance(line, tuple)
    assert line[3] == colour.value
    assert "sign.tell" in parts
    # larger than what is read with ease, 0.25 degrees
    assert line[2] * CAP_RATIO / screen.canvas.theme.px_per_degree > 0.45
    screen.draw(replace(scene, snapshot=replace(scene.snapshot, cue=None)))
    without = screen.canvas.parts
    assert told(screen) == words(f"phase.{scene.snapshot.phase.value}")
    assert "sign.tell" not in without
    assert without["count.0"].box == parts["count.0"].box
    assert without["figure"].box == parts["figure"].box


def test_the_exercise_has_its_own_cue(words: Words) -> None:
    snapshot = replace(SCENES["set-cue"].snapshot, exercise="squat")
    screen = drawn(replace(SCENES["set-cue"], snapshot=snapshot), words)
    assert told(screen) == words("cue.squat.knee_dominance")


def test_the_newer_of_cue_and_partial_is_told(words: Words) -> None:
    scene = SCENES["set-partial"]
    cue = SCENES["set-cue"].snapshot.cue
    end_s = scene.snapshot.last.end_s
    for time_s, expected in (
        (end_s - 1, "partial.too_shallow"),
        (end_s, "cue.knee_dominance"),
    ):
        snapshot = replace(scene.snapshot, cue=replace(cue, time_s=time_s))
        assert told(drawn(replace(scene, snapshot=snapshot), words)) == words(expected)


@pytest.mark.parametrize("kind", CueKind)
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
        assert told(screen) == words(fitting(cue.key, exercise, words))
        sign, line = screen.canvas.parts["sign.tell"], screen.canvas.parts["tell.0"]
        assert sign.box.right < line.box.left
        assert line.key[2] * CAP_RATIO / screen.canvas.theme.px_per_degree > 0.3


def test_the_drill_on_offer_is_named_and_moves_nothing(words: Words) -> None:
    scene = SCENES["set-drill"]
    screen = drawn(scene, words)
    offered = screen.canvas.parts
    assert line_of(screen, "drill") == words("set.drill", drill=words("drill.wall_tap.name"))
    screen.draw(replace(scene, snapshot=replace(scene.snapshot, drill=None)))
    rest = screen.canvas.parts
    assert offered.keys() - rest.keys() == {"drill.0"}
    assert all(rest[name].box == offered[name].box for name in rest)


def test_a_pip_tells_a_fault(words: Words) -> None:
    scene = SCENES["set-cue"]
    record = scene.snapshot.current
    clean = replace(record, reps=tuple(replace(rep, score=100) for rep in record.reps))
    other = replace(scene, snapshot=replace(scene.snapshot, current=clean))
    screen = drawn(scene, words)
    changed = screen.draw(other)
    assert changed == [screen.canvas.parts["pips"].box]


def test_a_summary_names_one_thing_and_its_drill(words: Words) -> None:
    screen = drawn(SCENES["summary-faults"], words, (1080, 1920))
    advice = words("advice.knee_dominance")
    assert " ".join(line_of(screen, f"advice.{n}") for n in (0, 1)) == advice
    assert line_of(screen, "advice.drill") == words("set.drill", drill="Wall tap")
    assert line_of(screen, "score") == str(SCENES["summary-faults"].snapshot.summary.score)
    assert line_of(screen, "rule") == words(SCORE_RULE)
    assert line_of(screen, "clean") == ""


@pytest.mark.parametrize("size", SIZES)
def test_the_rule_of_the_score_takes_one_line(size: tuple[int, int], words: Words) -> None:
    parts = drawn(SCENES["summary-fade"], words, size).canvas.parts
    assert "rule.0" in parts
    assert "rule.1" not in parts


@pytest.mark.parametrize("size", SIZES)
def test_a_summary_without_verdicts_has_no_score_and_says_why(
    size: tuple[int, int], words: Words
) -> None:
    screen = drawn(SCENES["summary-hidden"], words, size)
    assert {"score", "rule", "clean", "advice"}.isdisjoint(
        name.partition(".")[0] for name in screen.canvas.parts
    )
    assert line_of(screen, "unjudged") == "Form not judged · Turn side-on"


@pytest.mark.parametrize("size", SIZES)
def test_what_matters_most_stays_on_every_screen(size: tuple[int, int], words: Words) -> None:
    parts = drawn(SCENES["summary-fade"], words, size).canvas.parts
    assert {"name.0", "count.0", "score.0", "strip", "advice.0", "fade.0"} <= parts.keys()


@pytest.mark.parametrize("size", SIZES)
def test_a_small_box_drops_what_matters_least(size: tuple[int, int], words: Words) -> None:
    scene = SCENES["summary-fade"]
    noticed = replace(scene, notices=("No camera.", "The disk is full."))
    whole, less = (drawn(s, words, size).canvas.parts for s in (scene, noticed))
    assert {"unjudged.0", "ended.0", "fade.0"} <= whole.keys()
    assert {"count.0", "strip", "advice.0", "advice.drill.0"} <= less.keys()
    if size == (800, 480):
        assert {"unjudged.0", "fade.0"}.isdisjoint(less)


def test_a_row_of_history_shows_a_score_where_there_is_one(words: Words) -> None:
    scene = SCENES["history"]
    screen = drawn(scene, words)
    for number, stored in enumerate(scene.history[:4]):
        told = "" if stored.score is None else str(stored.score)
        assert line_of(screen, f"row.{number}.score") == told
    assert {stored.score is None for stored in scene.history[:4]} == {True, False}


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
