"""Asks once more before everything is gone."""

from pygame import Rect

from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import middle, rows
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Level, Role, Space

_BLOCK = 29  # grid steps


class EraseView:
    """How many sets would go, and how to let them."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        theme, words = canvas.theme, canvas.words
        total = 0 if scene.history is None else scene.history.total_sets
        block = middle(box, min(box.height, theme.grid(_BLOCK)))
        title, line = rows(block, (3, 2), theme.space(Space.GAP))
        canvas.text("title", words("erase.title", count=total), title, level=Level.DISPLAY, lines=2)
        canvas.text(
            "line",
            words("erase.line"),
            line,
            level=Level.BODY,
            colour=Role.WARN.value,
            weight=SEMIBOLD,
            lines=3,
        )
