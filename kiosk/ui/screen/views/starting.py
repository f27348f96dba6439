"""The screen before the first frame was judged, or while no pictures come: starting, or a fault."""

from pygame import Rect

from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import centred, middle, rows
from kiosk.ui.screen.toolkit.motion import swell
from kiosk.ui.screen.toolkit.theme import Level, Role, Space, mix

_BLOCK, _TITLE, _LINE, _DOT = 36, 20, 8, 2
"""Heights in grid steps."""
_DOTS = 3
_PERIOD_S = 2.4
_LAG = 1 / 6  # of a period from one dot to the next
_STEPS = 24


def place_starting(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Places a title, a line and three dots that swell one after the other."""
    grid, words = canvas.theme.grid, canvas.words
    section = f"fault.{scene.vision_fault}" if scene.vision_fault else "starting"
    sizes = (grid(_TITLE), grid(_LINE), 1.0)
    title, line, dots = rows(middle(box, grid(_BLOCK)), sizes, grid(Space.SMALL))
    canvas.text("title", words(f"{section}.title"), title, Level.DISPLAY, lines=2)
    canvas.label("line", words(f"{section}.line"), line, Level.BODY, lines=2)
    size = grid(_DOT)
    for number in range(_DOTS):
        share = swell(scene.now_s - number * _PERIOD_S * _LAG, _PERIOD_S)
        colour = mix(Role.TRACK, Role.TEXT, round(share * _STEPS) / _STEPS)
        dot = centred(dots, size, size).move((number - 1) * 2 * size, 0)
        canvas.place(f"dot.{number}", dot, draw.full_dot, colour)
