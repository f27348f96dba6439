"""A QR code: the set as text for a phone's camera."""

from functools import lru_cache

from pygame import Rect, Surface

from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.theme import BLACK, Role

_QUIET_ZONE = 4  # modules of light around the code, as ISO/IEC 18004 asks
_LEAST_MODULE_PX = 3  # finer ones flicker between the panel's pixels in a phone's picture


def place_code(canvas: Canvas, name: str, text: str, box: Rect) -> bool:
    """Places the code, as large as whole pixels allow, in the middle of the box.

    Returns:
        False where the box is too small for the text, and nothing was placed.
    """
    rows = _modules(text)
    across = len(rows) + 2 * _QUIET_ZONE
    module = min(box.size) // across
    if module < _LEAST_MODULE_PX:
        return False
    place = Rect(0, 0, across * module, across * module)
    place.center = box.center

    def paint(surface: Surface) -> None:
        # dark on light, although the mirror is dark: many phones read no other way round
        surface.fill(Role.TEXT.value)
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    at = ((x + _QUIET_ZONE) * module, (y + _QUIET_ZONE) * module)
                    surface.fill(BLACK, (at, (module, module)))

    canvas.place(name, place, text, paint)
    return True


@lru_cache(maxsize=2)
def _modules(text: str) -> tuple[bytes, ...]:
    """Rows of modules, 1 for dark."""
    # it brings TLS along, which costs each start 20 ms and 3 MB
    import segno  # noqa: PLC0415

    code = segno.make_qr(text, error="l", boost_error=False, encoding="utf-8")
    return tuple(bytes(row) for row in code.matrix)
