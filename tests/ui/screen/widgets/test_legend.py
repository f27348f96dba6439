from dataclasses import replace
from itertools import combinations
from typing import get_args

import numpy as np
import pytest
from pygame import surfarray

from drawing import SCENES, SIZES, assert_legible, drawn
from kiosk.settings import Edge
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.scene import Action, Hold
from kiosk.ui.screen.screen import Screen
from kiosk.ui.screen.toolkit.canvas import offscreen
from kiosk.ui.screen.widgets.legend import draw_icon
from kiosk.ui.words.words import Words


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
    scene = SCENES["set-first"]
    assert scene.actions[Button.FINISH].long is None
    keys = [
        drawn(replace(scene, pressed=(Hold(Button.FINISH, progress),)), words)
        .canvas.parts["legend.finish.icon"]
        .key
        for progress in (0.0, 0.6)
    ]
    assert keys[0] == keys[1]


SIZE = 72
SAME = (
    {Action.NEXT_EXERCISE, Action.LIFT},
    {Action.DRILL, Action.NEXT_DRILL},
    {Action.FINISH, Action.DONE, Action.ENTER, Action.TAKE_PLACE}
    | {Action.TAKE_CHOICE, Action.FIRST_BUTTON, Action.LAST_BUTTON},
    {Action.ASK_ERASE, Action.ERASE, Action.DELETE},
    {Action.UNDO_ERASE, Action.KEEP_SET},
    {Action.CLOSE, Action.KEEP, Action.PREVIOUS_PLACE, Action.PREVIOUS_CHOICE},
    {Action.NEXT_PAGE, Action.NEXT_PLACE, Action.NEXT_CHOICE, Action.NEXT_EDGE},
    {Action.NEXT_LIFTER, Action.OTHER_SETS},
    {Action.LESS, Action.ONE_FEWER, Action.QUIETER, Action.SOFTER},
    {Action.MORE, Action.ONE_MORE, Action.LOUDER, Action.STRONGER},
)
"""Actions that share an icon."""


def pixels(action: Action) -> np.ndarray:
    surface = offscreen((SIZE + 20, SIZE))
    draw_icon(surface, action, (255, 255, 255), SIZE, 4)
    return surfarray.array3d(surface)[..., 0]


@pytest.mark.parametrize("action", Action)
def test_an_icon_stays_within_the_button_s_ring(action: Action) -> None:
    xs, ys = np.nonzero(pixels(action))
    assert len(xs) > 20
    middle = (SIZE - 1) / 2
    assert np.hypot(xs - middle, ys - middle).max() < SIZE / 2 - 4


def test_actions_differ_by_their_icons() -> None:
    for one, other in combinations(Action, 2):
        alike = bool((pixels(one) == pixels(other)).all())
        assert alike is any({one, other} <= group for group in SAME), (one, other)
