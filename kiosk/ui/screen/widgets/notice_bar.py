"""The notices of what is wrong at the moment, as bands along the top."""

from pygame import Rect, Surface

from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import rows, sign_beside
from kiosk.ui.screen.toolkit.theme import BLACK, Level, Role

_MOST = 2  # more at once would push the coach off the screen; the newest is last
_LINES = 2


def place_notices(notices: tuple[str, ...], box: Rect, canvas: Canvas) -> Rect:
    """Places the newest notices at the top of the box; returns what is left of it."""
    grid = canvas.theme.grid
    for number, notice in enumerate(notices[-_MOST:]):
        band, box = rows(box, (grid(8), 1.0), grid(2))
        sign, text = sign_beside(band, grid(6), grid(2))
        canvas.place(f"notice.{number}.sign", sign, _draw_sign)
        name = f"notice.{number}"
        canvas.label(name, notice, text, Level.BODY, Role.WARN, align=Align.LEFT, lines=_LINES)
    return box


def _draw_sign(surface: Surface) -> None:
    """A triangle with an exclamation mark: the shape tells of a fault without its colour."""
    size = surface.get_height()
    corner = size * 0.10
    middle = size / 2
    points = (
        (middle, corner + size * 0.04),
        (size - corner, size - corner * 1.4),
        (corner, size - corner * 1.4),
    )
    draw.polygon(surface, Role.WARN, points)
    draw.path(surface, Role.WARN, (*points, points[0]), corner * 1.2)
    draw.limb(surface, BLACK, (middle, size * 0.36), (middle, size * 0.60), size * 0.09)
    draw.dot(surface, BLACK, (middle, size * 0.76), size * 0.06)
