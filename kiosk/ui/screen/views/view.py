"""What every screen has in common."""

from typing import Protocol

from pygame import Rect

from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit.canvas import Canvas


class View(Protocol):
    """One screen. It may remember what it needs for its motion, and nothing else."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places everything of this screen into the box.

        Args:
            scene: what to show.
            box: the room between notices and legend.
            canvas: takes the parts.
        """
