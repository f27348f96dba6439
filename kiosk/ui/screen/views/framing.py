"""Places the screen for a user who does not stand well yet: one thing to put right at a time."""

from pygame import Rect, Surface

from kiosk.coaching.snapshot import FramingStep
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import Area, arrange, rows, sign_beside
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Level, Role, Space
from kiosk.ui.screen.widgets.seen_person import place_seen_person

_INSTRUCTION, _CHECK, _SIGN = 20, 8, 6
"""Heights in grid steps."""
_CHECKS_MOST = 0.6  # of the height beside the picture


def place_framing(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Places the instruction, the user against a place to step into, and what is right already."""
    theme, steps = canvas.theme, scene.judged.framing
    checks_px = theme.grid(_CHECK) * len(steps)
    areas = (
        Area("right", theme.grid(_INSTRUCTION), 1.0),
        Area("left"),
        Area("right", checks_px, min(checks_px, round(box.height * _CHECKS_MOST))),
    )
    instruction, picture, checks = arrange(theme, box, areas, gap=Space.GAP)
    first = next((step.name for step in steps if not step.met), None)
    canvas.text(
        "message",
        canvas.words(f"framing.{first}.tell" if first else "framing.done"),
        instruction,
        Level.DISPLAY,
        Role.TEXT if first else Role.GOOD,
        align=Align.CENTRE if theme.portrait else Align.LEFT,
        lines=2 if theme.portrait else 3,
    )
    place_seen_person(canvas, scene.judged.pose, picture, scene.picture, placed=first is None)
    for step, cell in zip(steps, rows(checks, [1.0] * len(steps)), strict=True):
        _place_check(canvas, step, cell, now=step.name == first)


def _place_check(canvas: Canvas, step: FramingStep, cell: Rect, *, now: bool) -> None:
    grid = canvas.theme.grid
    sign, line = sign_beside(cell, min(cell.height, grid(_SIGN)), grid(Space.SMALL))
    colour = Role.GOOD if step.met else Role.TEXT if now else Role.QUIET
    canvas.place(f"check.{step.name}.sign", sign, _draw_check, colour)
    text = canvas.words(f"framing.{step.name}.name")
    canvas.label(f"check.{step.name}", text, line, Level.BODY, colour, align=Align.LEFT)


def _draw_check(surface: Surface, colour: Colour) -> None:
    """A tick for what is right, a ring with a dot for what is next, a ring for the rest."""
    middle = surface.get_height() / 2
    centre, line = (middle, middle), max(2.0, surface.get_height() / 14)
    now = colour == Role.TEXT
    if colour == Role.GOOD:
        draw.dot(surface, colour, centre, middle - 1)
        draw.tick(surface, BLACK, centre, middle * 0.8, line * 1.6)
        return
    draw.circle(surface, colour, centre, middle - 1, line * (1.6 if now else 1))
    if now:
        draw.dot(surface, colour, centre, middle * 0.35)
