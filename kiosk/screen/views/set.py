"""A set under way: the count, and how deep the body is at this moment."""

from pygame import Rect, Surface

from kiosk.coaching.record import Rep
from kiosk.coaching.snapshot import RepPhase, Snapshot
from kiosk.screen import draw
from kiosk.screen.canvas import Canvas
from kiosk.screen.figure import feet_share, mirrored
from kiosk.screen.gauge import DepthGauge
from kiosk.screen.layout import columns, cut_top
from kiosk.screen.motion import Changed, Follow, ease_out
from kiosk.screen.scene import Scene
from kiosk.screen.text import BOLD, CAP_RATIO
from kiosk.screen.theme import Level, Role, mix

_FLASH_S = 0.9  # how long a new count takes to turn from green to white
_FLASH_STEPS = 24
_TELL_S = 3.0  # how long it says why a movement did not count
_ANCHOR_S = 1.5  # the feet stand still during a set, so the figure hardly moves sideways
_DIGIT_EM = 0.53
_PIPS = 12


class SetView:
    """The count over a third of the height; under it the last movements, the body and its depth."""

    def __init__(self) -> None:
        self._count = Changed()
        self._centre = Follow(_ANCHOR_S)
        self._gauge = DepthGauge()

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        snapshot = scene.snapshot
        assert snapshot is not None
        theme = canvas.theme
        if theme.portrait:
            # a third of the whole screen, whatever the notices take away
            count, rest = cut_top(box, round(theme.size[1] / 3), theme.grid(3))
            pips, rest = cut_top(rest, theme.grid(3), theme.grid(4))
            tell, body = cut_top(rest, theme.grid(10), theme.grid(4))
            figure, gauge = columns(body, (3, 1), theme.grid(4))
        else:
            left, figure, gauge = columns(box, (11, 6, 3), theme.grid(4))
            count, rest = cut_top(left, round(left.height * 0.54), theme.grid(4))
            pips, tell = cut_top(rest, theme.grid(3), theme.grid(2))
        self._place_count(canvas, snapshot.count, count, scene.now_s)
        _place_pips(canvas, snapshot, pips)
        _place_tell(canvas, snapshot, tell)
        self._place_figure(canvas, snapshot, figure, scene.now_s)
        self._gauge.draw(snapshot, gauge, canvas, scene.now_s)

    def _place_count(self, canvas: Canvas, count: int, box: Rect, now_s: float) -> None:
        age_s = self._count.age_s(count, now_s)
        fresh = 1 - ease_out(min(1.0, age_s / _FLASH_S))
        colour = mix(Role.COUNT.value, Role.GOOD.value, round(fresh * _FLASH_STEPS) / _FLASH_STEPS)
        # the size that two figures have, so that the tenth rep changes nothing but the number
        cap_px = min(box.height, int(box.width / (2 * _DIGIT_EM) * CAP_RATIO))
        canvas.text("count", str(count), box, level=cap_px, colour=colour, weight=BOLD)

    def _place_figure(self, canvas: Canvas, snapshot: Snapshot, box: Rect, now_s: float) -> None:
        if snapshot.pose is None:
            return
        centre = round(self._centre.to(feet_share(snapshot.pose), now_s), 2)
        figure = mirrored(snapshot.pose, box.size, centre)

        def paint(surface: Surface) -> None:
            figure.paint(surface, Role.TEXT.value)

        canvas.place("figure", box, figure, paint)


def _place_pips(canvas: Canvas, snapshot: Snapshot, box: Rect) -> None:
    """The last movements: a full dot for a rep, an empty circle for one that did not count."""
    record = snapshot.current
    shown = tuple(rep.counted for rep in record.reps[-_PIPS:]) if record is not None else ()
    pitch = box.width / _PIPS

    def paint(surface: Surface) -> None:
        radius = min(surface.get_height() / 2, pitch * 0.32)
        left = surface.get_width() / 2 - (len(shown) - 1) * pitch / 2
        for number, counted in enumerate(shown):
            centre = (left + number * pitch, surface.get_height() / 2)
            if counted:
                draw.dot(surface, Role.GOOD.value, centre, radius - 1)
            else:
                draw.circle(surface, Role.WARN.value, centre, radius - 1, max(2.0, radius / 4))

    canvas.place("pips", box, shown, paint)


def _place_tell(canvas: Canvas, snapshot: Snapshot, box: Rect) -> None:
    partial = _fresh_partial(snapshot)
    if partial is None:
        text, colour = canvas.words(f"phase.{snapshot.phase.value}"), Role.TEXT.value
        level = Level.DISPLAY
    else:
        text, colour = reason(canvas, partial), Role.WARN.value
        level = Level.TITLE
    canvas.text("tell", text, box, level=level, colour=colour, lines=2)


def _fresh_partial(snapshot: Snapshot) -> Rep | None:
    last = snapshot.last
    resting = snapshot.phase is RepPhase.TOP
    if last is None or last.counted or not resting or snapshot.time_s - last.end_s > _TELL_S:
        return None
    return last


def reason(canvas: Canvas, rep: Rep) -> str:
    """Why a movement did not count, as advice."""
    key = f"partial.{rep.partial_reason}"
    return canvas.words(key if key in canvas.words else "partial.other")
