"""Places the operator's screen: state of the mirror, its latest faults, and the volume."""

from pygame import Rect, Surface

from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import Area, arrange, columns, middle, rows, sign_beside
from kiosk.ui.screen.toolkit.theme import Colour, Level, Role, Space
from kiosk.ui.screen.widgets.rep_marks import RepMark, draw_rep_sign
from kiosk.ui.status import Fact

_TITLE, _ROW, _VOLUME, _TROUBLE, _SIGN = 5, 5, 5, 6, 2.4
"""Heights in grid steps."""
_FACTS, _SHOWN = 11, 6  # facts and troubles
_FACTS_MOST = 0.66  # of the height
_GROOVE = 0.4  # of the row's height


def place_operator(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Places line by line; read from near by, so smaller than all else."""
    theme, operator = canvas.theme, scene.operator
    sizes = (theme.grid(_TITLE), 1.0, theme.grid(_VOLUME))
    title, rest, volume = rows(box, sizes, theme.grid(Space.GAP))
    canvas.text("title", canvas.words("operator.title"), title, Level.TITLE)
    if operator is None:
        return
    _place_volume(canvas, operator.volume, volume)
    shown = _most_wanted(operator.facts)
    tall = min(theme.grid(_ROW) * len(shown), round(rest.height * _FACTS_MOST))
    facts, troubles = arrange(theme, rest, (Area("left", tall, 1.0), Area("right")))
    _place_facts(canvas, shown, facts)
    _place_troubles(canvas, operator.troubles[:_SHOWN], troubles)


def _most_wanted(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """As many facts as there is room for: of those that are well the last ones stay out."""
    well = [fact for fact in facts if fact.good]
    left_out = well[max(0, len(well) - max(0, len(facts) - _FACTS)) :]
    return tuple(fact for fact in facts if fact not in left_out)


def _place_facts(canvas: Canvas, facts: tuple[Fact, ...], box: Rect) -> None:
    grid = canvas.theme.grid
    for fact, cell in zip(facts, rows(box, [1.0] * len(facts)), strict=True):
        key, value = columns(cell, (1.0, 2.0), grid(Space.GAP))
        name = f"fact.{fact.key}"
        _place_line(canvas, name, canvas.words(f"operator.{fact.key}"), key, Role.QUIET)
        if not fact.good:
            sign, value = sign_beside(value, grid(_SIGN), grid(_SIGN) // 2)
            canvas.place(f"{name}.sign", sign, draw_rep_sign, RepMark.FAULTY)
        colour = Role.TEXT if fact.good else Role.WARN
        _place_line(canvas, f"{name}.value", fact.value, value, colour)


def _place_troubles(canvas: Canvas, troubles: tuple[str, ...], box: Rect) -> None:
    grid = canvas.theme.grid
    label, rest = rows(box, (grid(_ROW), 1.0), grid(Space.TIGHT))
    key = "operator.troubles" if troubles else "operator.no_troubles"
    _place_line(canvas, "troubles", canvas.words(key), label, Role.QUIET)
    tall = min(grid(_TROUBLE), rest.height // _SHOWN)
    for number, (trouble, row) in enumerate(
        zip(troubles, rows(rest, [tall] * len(troubles)), strict=True)
    ):
        _place_line(canvas, f"trouble.{number}", trouble, row, Role.TEXT, Level.HINT)


def _place_volume(canvas: Canvas, volume: float, box: Rect) -> None:
    label, groove = columns(box, (2.0, 3.0), canvas.theme.grid(Space.GAP))
    key = "operator.volume" if volume else "notice.muted"
    _place_line(canvas, "volume", canvas.words(key, share=volume), label, Role.TEXT)
    bar = middle(groove, round(groove.height * _GROOVE))
    canvas.place("volume.bar", bar, _draw_volume, volume)


def _draw_volume(surface: Surface, volume: float) -> None:
    whole = surface.get_rect()
    draw.bar(surface, Role.TRACK, whole)
    if volume:
        wide = max(whole.height, round(whole.width * volume))
        draw.bar(surface, Role.GOOD, Rect(0, 0, wide, whole.height))


def _place_line(
    canvas: Canvas, name: str, text: str, box: Rect, colour: Colour, level: Level = Level.CAPTION
) -> None:
    canvas.label(name, text, box, level, colour, align=Align.LEFT, lines=2)
