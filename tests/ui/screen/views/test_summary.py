from dataclasses import replace

import numpy as np
import pygame
import pytest
import zxingcpp

from drawing import SCENES, SIZES, drawn, line_of
from kiosk.ui.summary_text import takeaway
from kiosk.ui.words.words import Words, languages


def test_a_summary_names_one_thing_and_its_drill(words: Words) -> None:
    screen = drawn(SCENES["summary-faults"], words, (1080, 1920))
    advice = words("advice.knee_dominance")
    assert " ".join(line_of(screen, f"advice.{n}") for n in (0, 1)) == advice
    assert line_of(screen, "advice.drill") == words("set.drill", drill="Wall tap")
    assert line_of(screen, "score") == str(SCENES["summary-faults"].snapshot.summary.score)
    assert line_of(screen, "rule") == words("advice.score_rule")
    assert line_of(screen, "clean") == ""


@pytest.mark.parametrize("size", SIZES)
def test_the_rule_of_the_score_takes_one_line(size: tuple[int, int], words: Words) -> None:
    parts = drawn(SCENES["summary-fade"], words, size).canvas.parts
    assert "rule.0" in parts
    assert "rule.1" not in parts


@pytest.mark.parametrize("size", SIZES)
def test_a_summary_without_verdicts_has_no_score_and_names_the_reason(
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
