"""Large figures side by side, each with its unit below."""

from pygame import Rect

from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import columns, cut_top
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Level, Role, Space

_FIGURE, _UNIT = 11, 5
"""Heights in grid steps."""


def place_figures(canvas: Canvas, box: Rect, told: tuple[tuple[str, str, str], ...]) -> None:
    """Large figures side by side: (name, figure, unit)."""
    theme = canvas.theme
    cells = columns(box, [1] * len(told), theme.space(Space.GROUP))
    unit_px = min(
        canvas.type.fit(unit, SEMIBOLD, theme.cap_px(Level.BODY), cell.size, 1).cap_px
        for (_, _, unit), cell in zip(told, cells, strict=True)
    )
    for (name, figure, unit), cell in zip(told, cells, strict=True):
        above, below = cut_top(cell, theme.grid(_FIGURE), theme.space(Space.GAP))
        canvas.text(
            f"total.{name}", figure, above, level=theme.grid(_FIGURE), colour=Role.COUNT.value
        )
        unit_box = Rect(below.left, below.top, below.width, min(below.height, theme.grid(_UNIT)))
        canvas.quiet(f"total.{name}.unit", unit, unit_box, level=unit_px, lines=2)
