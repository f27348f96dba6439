"""Places the screens while nobody is there: the exercise as it is done; starting; or a fault."""

from pygame import Rect

from kiosk.coaching.snapshot import RepPhase
from kiosk.training.facts import GUEST
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import Area, arrange, centred, columns, middle, rows
from kiosk.ui.screen.toolkit.motion import swell, waiting_s
from kiosk.ui.screen.toolkit.theme import Level, Role, Space, mix
from kiosk.ui.screen.widgets.demonstration import place_demonstration
from kiosk.ui.screen.widgets.lifter_line import place_lifter_line
from kiosk.ui.screen.widgets.rest_timer import place_rest
from kiosk.ui.training_text import lifter_text, set_line

_NAME, _LINE, _THREE, _REST, _CLOCK = 13, 5, 12, 22, 18
_BLOCK, _TITLE, _FAULT_LINE, _DOT = 36, 20, 8, 2
"""Heights in grid steps."""
_CAPITAL = 0.65
"""Of a row's height: with a dot above and a tail below, letters take 1.4 times a capital."""
_DOTS = 3
_PERIOD_S = 2.4
_LAG = 1 / 6  # of a period from one dot to the next
_STEPS = 24
# between two reps the last of the three words stays lit
_WORD_OF = {
    RepPhase.ECCENTRIC: 0,
    RepPhase.BOTTOM: 1,
    RepPhase.CONCENTRIC: 2,
    RepPhase.TOP: 2,
}


def place_waiting(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Places the exercise's name, a figure that does it, and three words that light up with it.

    Above it the time, if it is to be shown. While somebody rests, their timer takes the place of
    the words, and the time of day gives way to it.
    """
    theme = canvas.theme
    exercise = canvas.words.exercises[scene.judged.exercise]
    lifting, rest = scene.lifting, scene.lifting.rest
    tight, gap = theme.grid(Space.SMALL), Space.GROUP if theme.portrait else Space.SMALL
    clock = None if rest is not None else scene.clock
    areas = (
        *((Area("right", theme.grid(_CLOCK)),) if clock else ()),
        Area("right", theme.grid(_NAME + _LINE) + tight, None if clock else box.height // 2),
        Area("left"),
        Area("right", theme.grid(_THREE if rest is None else _REST), 1.0),
    )
    *top, head, figure, three = arrange(theme, box, areas, gap=gap)
    align = Align.CENTRE if theme.portrait else Align.LEFT
    if clock is not None:
        time = canvas.words("waiting.clock", hour=clock.hour, minute=clock.minute)
        canvas.text("clock", time, top[0], round(_CAPITAL * top[0].height), align=align)
    name, line = rows(head, (float(_NAME), float(_LINE)), tight)
    title = canvas.words.name_of(exercise.id)
    canvas.text("name", title, name, Level.DISPLAY, align=align, lines=2)
    lifter = lifting.facts.lifter
    text = canvas.words("waiting.line") if rest is None else set_line(lifting.facts, canvas.words)
    if text is None or (lifter != GUEST and rest is None):
        text = lifter_text(lifter, canvas.words)
    place_lifter_line(canvas, "line", lifter, text, line, Level.BODY, Role.GOOD, align=align)
    now = place_demonstration(
        canvas, "figure", exercise, figure, waiting_s(scene.now_s, scene.idle_s)
    )
    if rest is not None:
        place_rest(canvas, rest, three, align)
        return
    third = (1.0, 1.0, 1.0)
    cells = columns(three, third, tight) if theme.portrait else rows(three, third)
    words = canvas.words.list(f"exercise.{exercise.id}.three")
    for number, (word, cell) in enumerate(zip(words, cells, strict=True)):
        colour = Role.TEXT if number == _WORD_OF[now.phase] else Role.QUIET
        cap_px = min(theme.cap_px(Level.TITLE), round(_CAPITAL * cell.height))
        canvas.text(f"word.{number}", word, cell, cap_px, colour, align=align, lines=2)


def place_starting(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Places a title, a line and three dots that swell one after the other.

    For the time before the first frame was judged, and while no pictures come.
    """
    grid, words = canvas.theme.grid, canvas.words
    section = f"fault.{scene.vision_fault}" if scene.vision_fault else "starting"
    sizes = (grid(_TITLE), grid(_FAULT_LINE), 1.0)
    title, line, dots = rows(middle(box, grid(_BLOCK)), sizes, grid(Space.SMALL))
    canvas.text("title", words(f"{section}.title"), title, Level.DISPLAY, lines=2)
    canvas.label("line", words(f"{section}.line"), line, Level.BODY, lines=2)
    size = grid(_DOT)
    for number in range(_DOTS):
        share = swell(scene.now_s - number * _PERIOD_S * _LAG, _PERIOD_S)
        colour = mix(Role.TRACK, Role.TEXT, round(share * _STEPS) / _STEPS)
        dot = centred(dots, size, size).move((number - 1) * 2 * size, 0)
        canvas.place(f"dot.{number}", dot, draw.full_dot, colour)
