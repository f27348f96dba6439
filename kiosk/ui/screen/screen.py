"""The whole picture: the view for the moment, the notices above it, the legend below it."""

from pygame import Rect, Surface

from kiosk.coaching.snapshot import Stage
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.settings import Edge
from kiosk.ui.screen.scene import Page, Scene
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import inset
from kiosk.ui.screen.toolkit.motion import dimming, drift
from kiosk.ui.screen.toolkit.theme import Space, Theme
from kiosk.ui.screen.views.erase import EraseView
from kiosk.ui.screen.views.framing import FramingView
from kiosk.ui.screen.views.history import HistoryView
from kiosk.ui.screen.views.history import leaves as history_leaves
from kiosk.ui.screen.views.learn import LearnView, learn_leaves
from kiosk.ui.screen.views.operator import OperatorView
from kiosk.ui.screen.views.ready import ReadyView
from kiosk.ui.screen.views.set import SetView
from kiosk.ui.screen.views.starting import StartingView
from kiosk.ui.screen.views.summary import SummaryView
from kiosk.ui.screen.views.view import View
from kiosk.ui.screen.views.waiting import WaitingView
from kiosk.ui.screen.widgets.legend import Legend
from kiosk.ui.screen.widgets.notice_bar import draw_notices
from kiosk.ui.words.words import Words


class Screen:
    """Draws scenes onto a surface, upright.

    Args:
        surface: 800x480 pixels or more; the screen keeps its content from scene to scene.
        words: every text.
        edge: of the picture, behind which the buttons sit.
    """

    def __init__(self, surface: Surface, words: Words, edge: Edge = "bottom") -> None:
        self.canvas = Canvas(surface, Theme.for_size(surface.get_size()), words)
        theme = self.canvas.theme
        self._legend = Legend(edge)
        whole = inset(surface.get_rect(), theme.space(Space.GROUP))
        self._legend_box, self._box = self._legend.cut(whole, self.canvas)
        self._reach_px = theme.space(Space.SMALL)
        self._starting = StartingView()
        self._stages: dict[Stage, View] = {
            Stage.WAITING: WaitingView(),
            Stage.FRAMING: FramingView(),
            Stage.READY: ReadyView(),
            Stage.SET: SetView(),
            Stage.SUMMARY: SummaryView(),
        }
        self._pages: dict[Page, View] = {
            Page.HISTORY: HistoryView(),
            Page.ERASE: EraseView(),
            Page.LEARN: LearnView(),
            Page.OPERATOR: OperatorView(),
        }

    def draw(self, scene: Scene) -> list[Rect]:
        """Brings the surface to the scene.

        Returns:
            The boxes that changed.
        """
        self.canvas.light = dimming(scene.idle_s)
        moved = drift(scene.now_s, self._reach_px) if _stands(scene) else (0, 0)
        box = draw_notices(self._notices(scene), self._box.move(moved), self.canvas)
        self._view(scene).draw(scene, box, self.canvas)
        self._legend.draw(scene, self._legend_box.move(moved), self.canvas)
        return self.canvas.finish()

    def leaves(self, scene: Scene) -> int:
        """How many leaves the page has that the scene shows; at least one."""
        if scene.page is Page.HISTORY:
            return history_leaves(self._box, self.canvas.theme, scene.history)
        if scene.page is Page.LEARN and scene.snapshot is not None:
            return len(learn_leaves(exercise_by_id(scene.snapshot.exercise)))
        return 1

    def _notices(self, scene: Scene) -> tuple[str, ...]:
        """What the page itself does not tell."""
        if not _blind(scene):
            return scene.notices
        told = self.canvas.words(f"notice.{scene.blind}")
        return tuple(notice for notice in scene.notices if notice != told)

    def _view(self, scene: Scene) -> View:
        if _blind(scene) or (scene.snapshot is None and scene.page is not Page.OPERATOR):
            return self._starting
        if scene.page is Page.COACH:
            assert scene.snapshot is not None
            return self._stages[scene.snapshot.stage]
        return self._pages[scene.page]


def _blind(scene: Scene) -> bool:
    """Whether what keeps the mirror from seeing takes the place of a coach who sees nobody."""
    snapshot = scene.snapshot
    if scene.blind is None or scene.page is not Page.COACH:
        return False
    return snapshot is None or snapshot.stage not in (Stage.SET, Stage.SUMMARY)


def _stands(scene: Scene) -> bool:
    """Whether the same picture may stand for hours."""
    snapshot = scene.snapshot
    waits = snapshot is None or snapshot.stage is Stage.WAITING
    return scene.page is Page.COACH and (waits or _blind(scene))
