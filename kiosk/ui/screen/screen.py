"""Draws a scene: its view, the notices above it and the buttons' legend at the edge."""

from collections.abc import Callable

from pygame import Rect, Surface

from kiosk.coaching.snapshot import Stage
from kiosk.settings import Edge
from kiosk.ui.screen.scene import PLAN_FIELDS, Page, Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import rows, sign_beside
from kiosk.ui.screen.toolkit.motion import brightness, burn_in_offset
from kiosk.ui.screen.toolkit.theme import BLACK, Level, Role, Space, Theme
from kiosk.ui.screen.views.framing import place_framing
from kiosk.ui.screen.views.history import history_subpages, place_erase, place_history
from kiosk.ui.screen.views.learn import lessons, place_learn
from kiosk.ui.screen.views.lifter_pages import place_plan, place_tag
from kiosk.ui.screen.views.operator import place_operator
from kiosk.ui.screen.views.ready import ReadyView
from kiosk.ui.screen.views.set import SetView
from kiosk.ui.screen.views.set_up import place_set_up
from kiosk.ui.screen.views.summary import place_summary
from kiosk.ui.screen.views.waiting import place_starting, place_waiting
from kiosk.ui.screen.widgets.legend import Legend
from kiosk.ui.set_up_steps import Step
from kiosk.ui.words.words import Words

View = Callable[[Scene, Rect, Canvas], None]
"""Places everything of one screen into the box between notices and legend. It may remember what it
needs for its motion, and nothing else."""


_MOST = 2  # notices; more at once would push the coach off the screen
_LINES = 2


class Screen:
    """Draws scenes onto a surface, upright.

    The surface has 800x480 pixels or more and keeps its content from scene to scene; the buttons
    sit behind the edge.
    """

    def __init__(self, surface: Surface, words: Words, edge: Edge = "bottom") -> None:
        self.canvas = Canvas(surface, Theme(surface.get_size()), words)
        theme = self.canvas.theme
        self._legend = Legend(edge)
        border = 2 * theme.grid(Space.GROUP)
        whole = surface.get_rect().inflate(-border, -border)
        self._legend_box, self._box = self._legend.cut(whole, self.canvas)
        self._reach_px = theme.grid(Space.SMALL)
        self._views: dict[Stage | Page, View] = {
            Stage.WAITING: place_waiting,
            Stage.FRAMING: place_framing,
            Stage.READY: ReadyView().draw,
            Stage.SET: SetView().draw,
            Stage.SUMMARY: place_summary,
            Page.HISTORY: place_history,
            Page.ERASE: place_erase,
            Page.LEARN: place_learn,
            Page.PLAN: place_plan,
            Page.TAG: place_tag,
            Page.OPERATOR: place_operator,
            Page.SET_UP: place_set_up,
        }

    def draw(self, scene: Scene) -> list[Rect]:
        """Brings the surface to the scene; returns the boxes that changed."""
        if scene.asleep:  # a frame without a part is black, and the next one has nothing to change
            return self.canvas.finish()
        self.canvas.light = brightness(scene.idle_s)
        still = _may_stand_for_hours(scene)
        offset = burn_in_offset(scene.now_s, self._reach_px) if still else (0, 0)
        box = place_notices(self._notices(scene), self._box.move(offset), self.canvas)
        self._view(scene)(scene, box, self.canvas)
        self._legend.draw(scene, self._legend_box.move(offset), self.canvas)
        return self.canvas.finish()

    def subpages(self, scene: Scene) -> int:
        """Number of parts of the page that the scene shows; at least one."""
        if scene.page is Page.HISTORY:
            return history_subpages(self._box, self.canvas.theme, scene.history)
        if scene.page is Page.LEARN and scene.snapshot is not None:
            return len(lessons(self.canvas.words.exercises[scene.snapshot.exercise]))
        return len(PLAN_FIELDS) if scene.page is Page.PLAN else 1

    def _notices(self, scene: Scene) -> tuple[str, ...]:
        """The notices without the one that is the page itself."""
        if not _shows_vision_fault(scene) and not _checks_camera(scene):
            return scene.notices
        if scene.vision_fault is None:
            return scene.notices
        shown = self.canvas.words(f"notice.{scene.vision_fault}")
        return tuple(notice for notice in scene.notices if notice != shown)

    def _view(self, scene: Scene) -> View:
        unjudged = scene.snapshot is None and scene.page not in (Page.OPERATOR, Page.SET_UP)
        if unjudged or _shows_vision_fault(scene):
            return place_starting
        return self._views[scene.judged.stage if scene.page is Page.COACH else scene.page]


def _shows_vision_fault(scene: Scene) -> bool:
    """Whether a fault of camera or model takes the place of a coach who sees nobody."""
    if scene.vision_fault is None or scene.page is not Page.COACH:
        return False
    return scene.snapshot is None or scene.snapshot.stage not in (Stage.SET, Stage.SUMMARY)


def _may_stand_for_hours(scene: Scene) -> bool:
    """Whether the picture may stay the same so long that it burns in."""
    waits = scene.snapshot is None or scene.snapshot.stage is Stage.WAITING
    coach = scene.page is Page.COACH and (waits or _shows_vision_fault(scene))
    return coach or scene.page is Page.SET_UP


def _checks_camera(scene: Scene) -> bool:
    return scene.set_up is not None and scene.set_up.step is Step.CAMERA


def place_notices(notices: tuple[str, ...], box: Rect, canvas: Canvas) -> Rect:
    """Places the last notices, the newest, at the top of the box; returns what is left of it."""
    grid = canvas.theme.grid
    for number, notice in enumerate(notices[-_MOST:]):
        band, box = rows(box, (grid(8), 1.0), grid(2))
        sign, text = sign_beside(band, grid(6), grid(2))
        canvas.place(f"notice.{number}.sign", sign, _draw_sign)
        name = f"notice.{number}"
        canvas.label(name, notice, text, Level.BODY, Role.WARN, align=Align.LEFT, lines=_LINES)
    return box


def _draw_sign(surface: Surface) -> None:
    """A triangle with an exclamation mark: the shape shows a fault without its colour."""
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
