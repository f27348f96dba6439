from dataclasses import replace

import pytest

from drawing import SCENES, SIZES, drawn, line_of, pixels
from kiosk.ui.words.words import Words


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
