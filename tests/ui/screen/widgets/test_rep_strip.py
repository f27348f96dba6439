from dataclasses import replace

import pytest
from pygame import Rect

from drawing import SCENES
from kiosk.ui.screen.toolkit.canvas import Canvas, offscreen
from kiosk.ui.screen.toolkit.theme import Theme
from kiosk.ui.screen.widgets.rep_marks import RepMark
from kiosk.ui.screen.widgets.rep_strip import least_steps, place_rep_strip
from kiosk.ui.words.words import Words

BOX = Rect(10, 10, 780, 300)


@pytest.fixture
def canvas(words: Words) -> Canvas:
    return Canvas(offscreen((800, 480)), Theme((800, 480)), words)


def strip_of(name: str, canvas: Canvas) -> tuple[tuple[RepMark, float], ...]:
    """The marks and depths that a sample's strip shows."""
    record = SCENES[name].judged.current
    assert record is not None
    place_rep_strip(canvas, record.reps, BOX)
    canvas.finish()
    (shown,) = canvas.parts["strip"].key
    assert canvas.parts["strip.marks"].key[0] == tuple(mark for mark, _ in shown)
    return shown


def words_of(canvas: Canvas) -> list[list[str]]:
    """The kinds of marks that are put in words, row by row from left to right."""
    boxes = {
        name.split(".")[2]: part.box
        for name, part in canvas.parts.items()
        if name.startswith("legend.mark.") and ".text" not in name
    }
    tops = sorted({box.top for box in boxes.values()})
    rows = [[kind for kind, box in boxes.items() if box.top == top] for top in tops]
    return [sorted(row, key=lambda kind: boxes[kind].left) for row in rows]


def test_a_mark_stands_for_each_rep_in_its_order(canvas: Canvas) -> None:
    marks = [mark for mark, _ in strip_of("summary-faults", canvas)]
    letters = {
        RepMark.CLEAN: "C",
        RepMark.FAULTY: "F",
        RepMark.PARTIAL: "P",
        RepMark.UNJUDGED: "U",
    }
    assert "".join(letters[mark] for mark in marks) == "CCFCFFPFCF"


def test_only_the_last_forty_are_shown_and_the_title_names_it(canvas: Canvas, words: Words) -> None:
    assert len(strip_of("summary-hundred", canvas)) == 40
    assert canvas.parts["strip.title.0"].key[0] == words("summary.strip_last", shown=40)


def test_the_legend_names_every_kind_three_in_a_row_the_clean_ones_first(canvas: Canvas) -> None:
    strip_of("summary-mixed", canvas)
    assert words_of(canvas) == [["clean", "faulty"], ["unjudged", "partial"]]
    strip_of("summary-turned", canvas)
    assert words_of(canvas) == [["clean", "partly", "partial"]]
    strip_of("summary-hidden", canvas)
    assert words_of(canvas) == [["unjudged"]]


def test_a_longer_legend_leaves_the_bars_their_height(words: Words) -> None:
    heights = []
    for name in ("summary-turned", "summary-mixed"):
        canvas = Canvas(offscreen((800, 480)), Theme((800, 480)), words)
        record = SCENES[name].judged.current
        assert record is not None
        least = canvas.theme.grid(least_steps(record.reps))
        place_rep_strip(canvas, record.reps, Rect(10, 10, 780, least))
        canvas.finish()
        heights.append(canvas.parts["strip"].box.height)
    assert abs(heights[0] - heights[1]) <= 2


def test_a_rep_deeper_than_the_strip_ends_at_its_edge(canvas: Canvas) -> None:
    record = SCENES["summary"].judged.current
    assert record is not None
    rep = record.reps[0]
    depths = (0.5, 3.0, None)
    reps = tuple(replace(rep, measures=replace(rep.measures, depth=depth)) for depth in depths)
    place_rep_strip(canvas, reps, BOX)
    canvas.finish()
    shown = [depth for _, depth in canvas.parts["strip"].key[0]]
    assert shown[0] == 0.5
    assert 1 < shown[1] < 1.5
    assert shown[2] == 0.0
