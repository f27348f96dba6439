from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, pairwise, product
from typing import get_args

import numpy as np
import pygame
import pytest
import zxingcpp

from kiosk.coaching.cues import CueKind, text_key_for
from kiosk.coaching.snapshot import Stage
from kiosk.coaching.summary import SCORE_RULE
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.exercises.exercise import CheckId
from kiosk.settings import Edge
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.gallery.scenes import samples
from kiosk.ui.screen.scene import Action, Hold, Page, Scene
from kiosk.ui.screen.screen import Screen
from kiosk.ui.screen.toolkit import canvas, text
from kiosk.ui.screen.toolkit.canvas import Line, offscreen
from kiosk.ui.screen.toolkit.motion import DIM, DIM_FROM_S, DRIFT_S
from kiosk.ui.screen.toolkit.text import CAP_RATIO, Cache
from kiosk.ui.screen.toolkit.theme import Colour, Role
from kiosk.ui.screen.views.learn import lessons
from kiosk.ui.screen.widgets.rep_marks import RepMark, rep_mark
from kiosk.ui.takeaway import takeaway
from kiosk.ui.words.words import Words, languages
from kiosk.vision.camera.frame import Frame
from wcag import contrast

SIZES = [(1080, 1920), (1920, 1080), (800, 480), (480, 800), (1024, 768)]
SCENES = samples()
LEAST_FIGURE = 0.22  # of the screen's shorter side
LEAST_DEG = 0.155
"""Capital height of the smallest text: hints are read with a hand on the button."""


def drawn(scene: Scene, words: Words, size: tuple[int, int] = (480, 800)) -> Screen:
    screen = Screen(offscreen(size), words)
    screen.draw(scene)
    return screen


def pixels(screen: Screen) -> bytes:
    return pygame.image.tobytes(screen.canvas.surface, "RGB")


def told(screen: Screen) -> str:
    """The message under the count; a line's first key is its text."""
    parts = sorted(item for item in screen.canvas.parts.items() if item[0].startswith("tell"))
    return " ".join(key.text for _, part in parts if isinstance(key := part.key, Line))


def line_of(screen: Screen, name: str) -> str:
    """What a line says; empty where it is not on the screen."""
    parts = screen.canvas.parts
    part = parts.get(f"{name}.0", parts.get(name))
    return part.key.text if part is not None and isinstance(part.key, Line) else ""


def test_samples_show_every_stage_page_and_action() -> None:
    assert {s.snapshot.stage for s in SCENES.values() if s.snapshot} == set(Stage)
    assert {s.page for s in SCENES.values()} == set(Page)
    assert any(s.snapshot is None for s in SCENES.values())
    told = [s.snapshot for s in SCENES.values() if s.snapshot]
    assert {s.cue.kind for s in told if s.cue} == set(CueKind)
    assert {rep_mark(rep) for s in told if s.current for rep in s.current.reps} == set(RepMark)
    offered = [choice for s in SCENES.values() for choice in s.actions.values()]
    assert {a for c in offered for a in (c.short, c.long)} >= set(Action) - {Action.NEXT_DRILL}
    kinds = {lesson.kind for e in catalogue().values() for lesson in lessons(e)}
    assert kinds <= {name.split("-")[1] for name in SCENES if name.startswith("learn")}
    summed = [s.summary for s in told if s.summary]
    assert (
        {s.one_thing is None for s in summed} == {s.score is None for s in summed} == {True, False}
    )


def assert_legible(screen: Screen) -> None:
    """Nothing is cut, too small, too pale or covered."""
    canvas = screen.canvas
    parts = canvas.parts
    assert parts
    for name, part in parts.items():
        assert canvas.surface.get_rect().contains(part.box)
        if isinstance(part.key, Line):
            # a box that reached over the edge has lost something
            letters = canvas.type.letters(*part.key[:3])
            assert part.box.size == letters.mask.get_size()
            # and one that was shrunk too far cannot be read from three metres
            assert part.key[2] * CAP_RATIO / canvas.theme.px_per_degree > LEAST_DEG
            assert contrast(part.key[3]) >= 7
        if name.startswith("figure"):
            assert part.box.height > LEAST_FIGURE * min(canvas.theme.size)
    for (one, a), (other, b) in combinations(parts.items(), 2):
        assert not a.box.colliderect(b.box), f"{one} {a.box} covers {other} {b.box}"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_cut_and_nothing_overlaps(
    name: str, size: tuple[int, int], language: str
) -> None:
    words = Words.load(language)
    assert_legible(drawn(samples(words)[name], words, size))


@pytest.mark.parametrize("edge", get_args(Edge))
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "name", ["waiting", "waiting-drill", "set-cue", "erase", "learn-drill-wall_tap"]
)
def test_the_legend_stands_at_the_edge_of_the_buttons(
    name: str, size: tuple[int, int], edge: Edge, words: Words
) -> None:
    screen = Screen(offscreen(size), words, edge)
    screen.draw(SCENES[name])
    assert_legible(screen)
    parts = screen.canvas.parts
    icons = [parts[f"legend.{button.value}.icon"].box for button in Button]
    near = 0.25
    for icon in icons:
        along = icon.centerx / size[0], icon.centery / size[1]
        assert {
            "left": along[0] < near,
            "right": along[0] > 1 - near,
            "top": along[1] < near,
            "bottom": along[1] > 1 - near,
        }[edge]
    centres = [(icon.centerx, icon.centery) for icon in icons]
    assert centres == sorted(centres, key=lambda c: c[edge in ("left", "right")])


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("exercise", catalogue())
@pytest.mark.parametrize("size", [(1080, 1920), (800, 480)])
def test_every_lesson_of_every_exercise_fits(
    size: tuple[int, int], exercise: str, language: str
) -> None:
    screen = Screen(offscreen(size), Words.load(language))
    scene = SCENES["learn-steps"]
    scene = replace(scene, snapshot=replace(scene.snapshot, exercise=exercise))
    for subpage in range(screen.subpages(scene)):
        screen.draw(replace(scene, subpage=subpage))
        assert_legible(screen)
    screen.draw(replace(scene, page=Page.COACH))
    assert_legible(screen)


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
    screen = drawn(SCENES["framing-beside"], words)
    assert told(screen) == words("framing.alone.tell")
    assert line_of(screen, "check.alone") == words("framing.alone.name")
    screen = drawn(SCENES["ready-beside"], words)
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
    before = screen.canvas.parts["legend.history.icon"].key
    screen.draw(replace(scene, pressed=(Hold(Button.HISTORY),)))
    pressed = screen.canvas.parts["legend.history.icon"].key
    screen.draw(replace(scene, pressed=(Hold(Button.HISTORY, 0.5),)))
    held = screen.canvas.parts["legend.history.icon"].key
    screen.draw(replace(scene, now_s=scene.now_s + 10))
    assert len({before, pressed, held}) == 3
    assert screen.canvas.parts["legend.history.icon"].key == before


def test_a_button_without_a_long_press_shows_no_ring(words: Words) -> None:
    scene = SCENES["waiting"]
    assert scene.actions[Button.FINISH].long is None
    keys = [
        drawn(replace(scene, pressed=(Hold(Button.FINISH, progress),)), words)
        .canvas.parts["legend.finish.icon"]
        .key
        for progress in (0.0, 0.6)
    ]
    assert keys[0] == keys[1]


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
    name: str, key: str, colour: Colour, size: tuple[int, int], words: Words
) -> None:
    scene = SCENES[name]
    screen = drawn(scene, words, size)
    assert told(screen) == words(key)
    parts = screen.canvas.parts
    line = parts["tell.0"].key
    assert isinstance(line, tuple)
    assert line[3] == colour
    assert "sign.tell" in parts
    # larger than what is read with ease, 0.25 degrees
    assert line[2] * CAP_RATIO / screen.canvas.theme.px_per_degree > 0.45
    screen.draw(replace(scene, snapshot=replace(scene.snapshot, cue=None)))
    without = screen.canvas.parts
    assert told(screen) == words(f"phase.{scene.snapshot.phase.value}")
    assert "sign.tell" not in without
    assert without["count.0"].box == parts["count.0"].box
    assert without["figure"].box == parts["figure"].box
    assert ("flash.left" in parts) is (colour == Role.WARN)
    assert "flash.left" not in without


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
        assert told(screen) == words(text_key_for(cue.key, exercise, words))
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
    assert {"unjudged.0", "fade.0"} <= whole.keys()
    assert {"count.0", "strip", "advice.0", "advice.drill.0"} <= less.keys()
    if size == (800, 480):
        assert {"unjudged.0", "fade.0"}.isdisjoint(less)


def test_a_row_of_history_shows_a_score_where_there_is_one(words: Words) -> None:
    scene = SCENES["history"]
    screen = drawn(scene, words, (1080, 1920))
    for number, stored in enumerate(scene.history.latest[:4]):
        told = "" if stored.score is None else str(stored.score)
        assert line_of(screen, f"row.{number}.score") == told
    assert {stored.score is None for stored in scene.history.latest[:4]} == {True, False}


def test_a_reason_without_words_is_still_told(words: Words) -> None:
    scene = SCENES["set-partial"]
    last = replace(scene.snapshot.last, partial_reason="brand_new")
    screen = drawn(replace(scene, snapshot=replace(scene.snapshot, last=last)), words)
    assert told(screen) == words("partial.other")


@pytest.mark.parametrize("size", SIZES)
def test_history_shows_every_set_once_and_comes_round(size: tuple[int, int], words: Words) -> None:
    scene = replace(SCENES["history"], pressed=())
    screen = drawn(scene, words, size)
    subpages = screen.subpages(scene)
    shown = []
    for subpage in range(subpages):
        screen.draw(replace(scene, subpage=subpage))
        rows = [name for name in screen.canvas.parts if name.startswith("row.")]
        shown.append(sum(name.endswith(".exercise.0") for name in rows))
    assert subpages > 3
    assert sum(shown) == len(scene.history.latest)
    assert shown[1] == shown[2] == 0
    screen.draw(scene)
    first = pixels(screen)
    screen.draw(replace(scene, subpage=subpages))
    # the page's number is the same too
    assert pixels(screen) == first
    assert screen.subpages(SCENES["history-empty"]) == 1


def test_a_history_that_cannot_be_read_is_not_called_empty(words: Words) -> None:
    told = {
        name: line_of(drawn(SCENES[name], words, (1080, 1920)), "empty")
        for name in SCENES
        if name in ("history-empty", "history-unreadable")
    }
    assert told["history-empty"] == words("history.empty")
    assert told["history-unreadable"] in words("history.unreadable")
    assert told["history-unreadable"]


def test_the_week_shows_the_days_that_were_trained_on(words: Words) -> None:
    screen = drawn(SCENES["history-week"], words)
    lit = [screen.canvas.parts[f"day.{n}"].key[0] for n in range(7)]
    assert lit == [True, False, True, False, True, False, False]
    assert line_of(screen, "total.days") == "3"
    assert line_of(screen, "goal") == words("history.goal_met")
    quiet = drawn(SCENES["history-quiet-week"], words)
    assert line_of(quiet, "goal") == words("history.goal")


def test_the_trend_leaves_a_gap_for_a_week_without_sets(words: Words) -> None:
    screen = drawn(SCENES["history-trend"], words)
    for name in ("depth", "clean"):
        shares = screen.canvas.parts[name].key[0]
        assert [number for number, share in enumerate(shares) if share is None] == [4]


def test_a_picture_nobody_looks_at_dims_and_wakes_at_once(words: Words) -> None:
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


def test_a_word_lights_up_with_its_part_of_the_movement(words: Words) -> None:
    scene = SCENES["waiting"]
    stroke = exercise_by_id("hip_hinge").form.stroke
    screen = drawn(scene, words)
    seen = []
    for now_s in (stroke.down_s / 2, stroke.down_s + 0.1, stroke.down_s + stroke.hold_s + 0.3):
        screen.draw(replace(scene, now_s=now_s))
        lit = [screen.canvas.parts[f"word.{n}.0"].key[3] == Role.TEXT for n in range(3)]
        seen.append(lit.index(True))
        assert sum(lit) == 1
    assert seen == [0, 1, 2]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)])
@pytest.mark.parametrize("name", ["summary", "summary-fade", "summary-hundred"])
def test_a_phone_reads_the_set_off_the_summary(
    name: str, size: tuple[int, int], language: str
) -> None:
    scene, words = SCENES[name], Words.load(language)
    screen = drawn(scene, words, size)
    surface = screen.canvas.surface
    picture = np.transpose(pygame.surfarray.array3d(surface), (1, 0, 2))
    found = zxingcpp.read_barcodes(np.ascontiguousarray(picture))
    summary = scene.snapshot.summary
    assert [code.text for code in found] == [
        takeaway(scene.snapshot.current, summary, scene.today, words)
    ]
    assert words("takeaway.reps", count=summary.reps) in found[0].text
    assert scene.today.isoformat() in found[0].text


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


def test_the_operator_sees_what_is_wrong_marked_by_shape(words: Words) -> None:
    parts = drawn(SCENES["operator"], words).canvas.parts
    signs = [name for name in parts if name.startswith("fact.") and name.endswith(".sign")]
    assert signs == ["fact.temperature.sign"]
    assert parts["fact.temperature.value.0"].key[3] == Role.WARN


def test_any_notice_fits(words: Words) -> None:
    long = "The camera at /dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920-index0 is gone; " * 3
    scene = replace(SCENES["set-down"], notices=(long, long, long))
    for size in SIZES:
        parts = drawn(scene, words, size).canvas.parts
        for (one, a), (other, b) in combinations(parts.items(), 2):
            assert not a.box.colliderect(b.box), f"{one} covers {other}"


def test_ten_thousand_pictures_keep_no_more_than_a_few(
    words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Cache[object]] = []

    class Recorded(Cache[object]):
        def __init__(self, budget: int, cost: Callable[[object], int] = lambda _: 1) -> None:
            super().__init__(budget, cost)
            kept.append(self)

    monkeypatch.setattr(text, "Cache", Recorded)
    monkeypatch.setattr(canvas, "Cache", Recorded)
    screen = Screen(offscreen((240, 160)), words)
    scene = SCENES["set-down"]
    for frame in range(10_000):
        snapshot = replace(
            scene.snapshot, count=frame, depth=frame % 60 / 50, time_s=scene.snapshot.time_s + frame
        )
        screen.draw(replace(scene, snapshot=snapshot, now_s=frame / 60))
    assert len(kept) == 4
    assert all(0 < cache.total <= cache.budget for cache in kept)
    assert len(screen.canvas.parts) < 50
