"""The whole picture: the view for the moment, the notices above it, the legend below it."""

from pygame import Rect, Surface

from kiosk.coaching.snapshot import Stage
from kiosk.screen.canvas import Canvas
from kiosk.screen.layout import cut_bottom, inset
from kiosk.screen.legend import Legend
from kiosk.screen.notice import draw_notices
from kiosk.screen.scene import Page, Scene
from kiosk.screen.theme import Theme
from kiosk.screen.views.framing import FramingView
from kiosk.screen.views.history import HistoryView, rows_a_page
from kiosk.screen.views.ready import ReadyView
from kiosk.screen.views.set import SetView
from kiosk.screen.views.starting import StartingView
from kiosk.screen.views.summary import SummaryView
from kiosk.screen.views.view import View
from kiosk.screen.views.waiting import WaitingView
from kiosk.words.words import Words


class Screen:
    """Draws scenes onto a surface, upright.

    Args:
        surface: 800x480 pixels or more; the screen keeps its content from scene to scene.
        words: every text.
    """

    def __init__(self, surface: Surface, words: Words) -> None:
        self.canvas = Canvas(surface, Theme.for_size(surface.get_size()), words)
        theme = self.canvas.theme
        whole = inset(surface.get_rect(), theme.grid(4))
        self._legend_box, self._box = cut_bottom(whole, theme.grid(6), theme.grid(4))
        self._legend = Legend()
        self._starting = StartingView()
        self._history = HistoryView()
        self._stages: dict[Stage, View] = {
            Stage.WAITING: WaitingView(),
            Stage.FRAMING: FramingView(),
            Stage.READY: ReadyView(),
            Stage.SET: SetView(),
            Stage.SUMMARY: SummaryView(),
        }

    def draw(self, scene: Scene) -> list[Rect]:
        """Brings the surface to the scene.

        Returns:
            The boxes that changed.
        """
        box = draw_notices(scene.notices, self._box, self.canvas)
        self._view(scene).draw(scene, box, self.canvas)
        self._legend.draw(scene, self._legend_box, self.canvas)
        return self.canvas.finish()

    def history_pages(self, sets: int) -> int:
        """How many pages so many sets take; at least one."""
        return max(1, -(-sets // rows_a_page(self._box, self.canvas.theme)))

    def _view(self, scene: Scene) -> View:
        if scene.page is Page.HISTORY:
            return self._history
        if scene.snapshot is None:
            return self._starting
        return self._stages[scene.snapshot.stage]
