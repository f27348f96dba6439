"""What is wrong at the moment, as a band along the top."""

from pygame import Rect, Surface

from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import cut_top
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import BLACK, Level, Role

_MOST = 2  # more at once would push the coach off the screen; the newest is last
_LINES = 2


def draw_notices(notices: tuple[str, ...], box: Rect, canvas: Canvas) -> Rect:
    """Places the notices at the top of the box.

    Returns:
        What is left of the box.
    """
    theme = canvas.theme
    for number, notice in enumerate(notices[-_MOST:]):
        band, box = cut_top(box, theme.grid(8), theme.grid(2))
        sign = Rect(band.left, band.centery - theme.grid(3), theme.grid(6), theme.grid(6))
        canvas.place(f"notice.{number}.sign", sign, (), _paint_sign)
        canvas.text(
            f"notice.{number}",
            notice,
            Rect(
                sign.right + theme.grid(2),
                band.top,
                band.right - sign.right - theme.grid(2),
                band.height,
            ),
            level=Level.BODY,
            colour=Role.WARN.value,
            weight=SEMIBOLD,
            align=Align.LEFT,
            lines=_LINES,
        )
    return box


def _paint_sign(surface: Surface) -> None:
    """A triangle with an exclamation mark: the shape tells of a fault without its colour."""
    size = surface.get_height()
    corner = size * 0.10
    middle = size / 2
    points = (
        (middle, corner + size * 0.04),
        (size - corner, size - corner * 1.4),
        (corner, size - corner * 1.4),
    )
    draw.polygon(surface, Role.WARN.value, points)
    draw.path(surface, Role.WARN.value, (*points, points[0]), corner * 1.2)
    draw.limb(surface, BLACK, (middle, size * 0.36), (middle, size * 0.60), size * 0.09)
    draw.dot(surface, BLACK, (middle, size * 0.76), size * 0.06)
