import gc
import sys
from dataclasses import replace

import numpy as np
import pygame
import pytest
import zxingcpp

from drawing import SCENES, SIZES, drawn, line_of
from kiosk.ui.screen.toolkit.theme import Colour, Role
from kiosk.ui.summary_text import takeaway
from kiosk.ui.words.words import Words, languages


def test_a_summary_names_one_thing_and_its_drill(words: Words) -> None:
    screen = drawn(SCENES["summary-faults"], words, (1080, 1920))
    advice = words("advice.knee_dominance")
    assert " ".join(line_of(screen, f"advice.{n}") for n in (0, 1)) == advice
    assert line_of(screen, "advice.drill") == words("set.drill", drill="Wall tap")
    assert line_of(screen, "score") == str(SCENES["summary-faults"].snapshot.summary.score)
    assert line_of(screen, "rule") == words("advice.score_rule")
    assert line_of(screen, "rests_on") == "from knees, depth, lockout, back +4"
    assert line_of(screen, "clean") == line_of(screen, "no_fault") == ""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("name", "clean", "no_fault", "colour"),
    [
        ("summary", True, False, Role.COUNT),
        ("summary-turned", False, True, Role.COUNT),
        ("summary-oblique", False, True, Role.QUIET),
        ("summary-faults", False, False, Role.COUNT),
    ],
)
def test_every_rep_is_clean_only_where_each_was_judged(
    name: str, size: tuple[int, int], words: Words, *, clean: bool, no_fault: bool, colour: Colour
) -> None:
    screen = drawn(SCENES[name], words, size)
    parts = screen.canvas.parts
    assert ("sign.clean" in parts) == (line_of(screen, "clean") == "Every rep clean") == clean
    assert (line_of(screen, "no_fault") == "No fault in what I saw") == no_fault
    assert parts["score.0"].key[3] == colour
    assert "rests_on.0" in parts


@pytest.mark.parametrize("size", SIZES)
def test_why_reps_are_not_clean_stands_on_every_screen(size: tuple[int, int], words: Words) -> None:
    scene = replace(SCENES["summary-oblique"], notices=("No camera.", "The disk is full."))
    screen = drawn(scene, words, size)
    assert line_of(screen, "unjudged") == "Not judged: 3 checks · Turn side-on"


def test_why_reps_are_not_clean_is_larger_than_a_caption(words: Words) -> None:
    def size_of(scene: str) -> int:
        return drawn(SCENES[scene], words, (1080, 1920)).canvas.parts["unjudged.0"].key[2]

    assert size_of("summary-oblique") > 1.2 * size_of("summary-turned")


@pytest.mark.parametrize("size", SIZES)
def test_the_rule_of_the_score_takes_one_line(size: tuple[int, int], words: Words) -> None:
    parts = drawn(SCENES["summary-fade"], words, size).canvas.parts
    assert "rule.0" in parts
    assert "rule.1" not in parts


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)])
def test_a_summary_says_what_the_back_was_compared_with(
    size: tuple[int, int], language: str
) -> None:
    words = Words.load(language)
    screen = drawn(SCENES["summary-faults"], words, size)
    assert line_of(screen, "back") == words("summary.own_back")
    assert line_of(drawn(SCENES["summary-hidden"], words, size), "back") == ""


@pytest.mark.parametrize("size", SIZES)
def test_a_summary_without_verdicts_has_no_score_and_names_the_reason(
    size: tuple[int, int], words: Words
) -> None:
    screen = drawn(SCENES["summary-hidden"], words, size)
    assert {"score", "rule", "rests_on", "clean", "no_fault", "advice"}.isdisjoint(
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


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)])
@pytest.mark.parametrize("name", ["summary", "summary-fade", "summary-hundred", "summary-turned"])
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


@pytest.mark.parametrize("size", SIZES)
def test_what_plates_kept_hiding_is_said_with_what_to_do(
    size: tuple[int, int], words: Words
) -> None:
    screen = drawn(SCENES["summary-plates"], words, size)
    parts = screen.canvas.parts
    lines = [parts[name].key.text for name in ("hint.0", "hint.1") if name in parts]
    assert " ".join(lines) == words("hint.hidden_knees")
    assert line_of(drawn(SCENES["summary-hidden"], words, size), "hint") == ""


PAIRS = [name for name in SCENES if name.startswith("summary-pair")]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAIRS)
def test_the_reps_leave_what_matters_most(name: str, size: tuple[int, int], words: Words) -> None:
    scene = SCENES[name]
    parts = drawn(scene, words, size).canvas.parts
    assert {"name.0", "count.0", "score.0", "strip", "advice.0", "figure.worst"} <= parts.keys()
    assert ("figure.best" in parts) == (scene.snapshot.pair.best is not None)
    letters = {part: parts[part].key[2] for part in ("pair.worst.number.0", "pair.worst.text.0")}
    assert max(letters.values()) < parts["advice.0"].key[2] < parts["count.0"].key[2]


@pytest.mark.parametrize("size", [(1920, 1080), (800, 480)])
def test_the_reps_give_way_before_the_name_and_the_count(
    size: tuple[int, int], words: Words
) -> None:
    scene = replace(SCENES["summary-pair"], notices=("No camera.", "The disk is full."))
    parts = drawn(scene, words, size).canvas.parts
    assert {"name.0", "count.0", "strip", "advice.0"} <= parts.keys()
    assert "figure.worst" not in parts


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)])
@pytest.mark.parametrize("name", PAIRS)
def test_a_phone_reads_the_set_beside_the_reps(
    name: str, size: tuple[int, int], language: str
) -> None:
    scene, words = SCENES[name], Words.load(language)
    surface = drawn(scene, words, size).canvas.surface
    picture = np.transpose(pygame.surfarray.array3d(surface), (1, 0, 2))
    found = zxingcpp.read_barcodes(np.ascontiguousarray(picture))
    snapshot = scene.snapshot
    assert [code.text for code in found] == [
        takeaway(snapshot.current, snapshot.summary, scene.today, words)
    ]


def test_reps_that_are_not_asked_for_are_not_shown(words: Words) -> None:
    scene = replace(SCENES["summary-pair"], pair_from_s=None)
    parts = drawn(scene, words).canvas.parts
    assert "figure.worst" not in parts
    assert parts.keys() == drawn(SCENES["summary-faults"], words).canvas.parts.keys()


def test_the_screen_keeps_nothing_of_the_reps(words: Words) -> None:
    pair = replace(SCENES["summary-pair"].snapshot.pair)
    snapshot = replace(SCENES["summary-pair"].snapshot, pair=pair)
    screen = drawn(replace(SCENES["summary-pair"], snapshot=snapshot), words)
    screen.draw(SCENES["waiting"])
    del snapshot
    gc.collect()
    assert [one for one in gc.get_referrers(pair) if one is not sys._getframe()] == []
