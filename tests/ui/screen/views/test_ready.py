from dataclasses import replace

import pytest

from drawing import SCENES, drawn, line_of
from kiosk.ui.screen.toolkit.theme import Role
from kiosk.ui.words.words import Words

BEADS = 60


def lit(stillness: float, words: Words) -> int:
    """How many beads are fully lit."""
    scene = SCENES["ready-still"]
    scene = replace(scene, snapshot=replace(scene.snapshot, stillness=stillness))
    parts = drawn(scene, words).canvas.parts
    return sum(parts[f"bead.{n}"].key == (Role.GOOD,) for n in range(BEADS))


@pytest.mark.parametrize(
    ("stillness", "beads"), [(0.0, 0), (0.5, 30), (0.999, BEADS - 1), (1.0, BEADS), (2.0, BEADS)]
)
def test_the_ring_fills_with_stillness_and_is_full_only_when_it_may_begin(
    stillness: float, beads: int, words: Words
) -> None:
    assert lit(stillness, words) == beads


def test_the_word_changes_when_it_may_begin(words: Words) -> None:
    assert line_of(drawn(SCENES["ready-still"], words), "word") == words("ready.hold")
    screen = drawn(SCENES["ready-go"], words)
    assert line_of(screen, "word") == words("ready.go")
    assert screen.canvas.parts["word.0"].key[3] == Role.GOOD
