"""Places the pages of a lifter: what they plan, and to whom a new tag belongs."""

from pygame import Rect

from kiosk.training.lifters import LIFTERS
from kiosk.ui.screen.scene import PLAN_FIELDS, Scene
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import centred, middle, rows
from kiosk.ui.screen.toolkit.theme import Level, Role, Space
from kiosk.ui.screen.widgets.lifter_line import draw_place, place_lifter_line
from kiosk.ui.training_text import format_clock, lifter_text

_WHO, _FIGURE, _UNIT, _FOOT = 6, 26, 6, 4
_TITLE, _ANIMAL, _NAME = 10, 30, 8
"""Heights in grid steps."""


def place_plan(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Places one part of the plan: its figure, as large as a count, and what it counts."""
    assert scene.plan is not None
    grid, words = canvas.theme.grid, canvas.words
    part = PLAN_FIELDS[scene.subpage % len(PLAN_FIELDS)]
    value = getattr(scene.plan, part)
    page, foot = rows(box, (1.0, grid(_FOOT)), grid(Space.TIGHT))
    tall = grid(_WHO + _FIGURE + _UNIT + 2 * Space.GROUP)
    sizes = (float(_WHO), float(_FIGURE), float(_UNIT))
    who, figure, unit = rows(middle(page, min(page.height, tall)), sizes, grid(Space.GROUP))
    exercise, lifter = words.name_of(scene.judged.exercise), scene.lifting.facts.lifter
    text = f"{lifter_text(lifter, words)} · {exercise}"
    place_lifter_line(canvas, "who", lifter, text, who, Level.BODY, Role.QUIET)
    shown = format_clock(value) if part == "rest_s" else str(value)
    canvas.text("figure", shown, figure, figure.height, Role.COUNT)
    unit_text = words(f"plan.{part}") if part == "rest_s" else words(f"plan.{part}", count=value)
    canvas.label("unit", unit_text, unit, Level.TITLE)
    text = words("history.page", page=scene.subpage + 1, pages=len(PLAN_FIELDS))
    canvas.label("page", text, foot, Level.CAPTION)


def place_tag(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Asks to which place a new tag belongs, with the place that a press would give it."""
    grid, words = canvas.theme.grid, canvas.words
    place = LIFTERS[scene.lifting.place - 1]
    sizes = (float(_TITLE), float(_ANIMAL), float(_NAME), float(_NAME))
    tall = grid(sum(sizes) + (len(sizes) - 1) * Space.GAP)
    cells = rows(middle(box, min(box.height, tall)), sizes, grid(Space.GAP))
    title, animal, name, line = cells
    sign = centred(animal, animal.height, animal.height)
    canvas.text("title", words("tag.title"), title, Level.DISPLAY)
    canvas.place("animal", sign, draw_place, place)
    canvas.text("name", words(f"lifter.{place.animal}"), name, Level.TITLE)
    canvas.label("line", words("tag.line"), line, Level.BODY)
