from itertools import combinations

import numpy as np
import pytest
from pygame import surfarray

from kiosk.ui.screen.scene import Action
from kiosk.ui.screen.toolkit.canvas import offscreen
from kiosk.ui.screen.widgets.icons import draw_icon

SIZE = 72
SAME = (
    {Action.NEXT_EXERCISE, Action.LIFT},
    {Action.DRILL, Action.NEXT_DRILL},
    {Action.FINISH, Action.DONE},
    {Action.ASK_ERASE, Action.ERASE},
    {Action.CLOSE, Action.KEEP},
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


def test_actions_are_told_apart_by_their_icons() -> None:
    for one, other in combinations(Action, 2):
        alike = bool((pixels(one) == pixels(other)).all())
        assert alike is any({one, other} <= group for group in SAME), (one, other)
