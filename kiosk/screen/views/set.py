"""A set under way: the count, what the coach says, and the body at this moment."""

import math

from pygame import Rect, Surface

from kiosk.coaching.cues import Cue, CueKind, fitting
from kiosk.coaching.record import Rep
from kiosk.coaching.snapshot import RepPhase, Snapshot
from kiosk.screen.canvas import Canvas
from kiosk.screen.figure import feet_share, mirrored
from kiosk.screen.gauge import DepthGauge
from kiosk.screen.layout import columns, cut_bottom, cut_top
from kiosk.screen.marks import mark_of, paint_mark
from kiosk.screen.meter import HingeMeter
from kiosk.screen.motion import Changed, Follow, ease_out
from kiosk.screen.scene import Scene
from kiosk.screen.signed import place_fault, place_good
from kiosk.screen.text import BOLD, CAP_RATIO, SEMIBOLD
from kiosk.screen.theme import Level, Role, mix

_FLASH_S = 0.9  # how long a new count takes to turn from green to white
_FLASH_STEPS = 24
_TELL_S = 3.0  # how long it says why a movement did not count
_ANCHOR_S = 1.5  # the feet stand still during a set, so the figure hardly moves sideways
_DIGIT_EM = 0.53
_PIPS = 12


class SetView:
    """The count over a third of the height; under it what is said, the body and its measures."""

    def __init__(self) -> None:
        self._count = Changed()
        self._centre = Follow(_ANCHOR_S)
        self._gauge = DepthGauge()
        self._meter = HingeMeter()

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        snapshot = scene.snapshot
        assert snapshot is not None
        theme = canvas.theme
        if theme.portrait:
            # a third of the whole screen, whatever the notices take away
            count, rest = cut_top(box, round(theme.size[1] / 3), theme.grid(3))
            pips, rest = cut_top(rest, theme.grid(3), theme.grid(3))
            tell, rest = cut_top(rest, theme.grid(15), theme.grid(3))
            drill, rest = cut_bottom(rest, theme.grid(3), theme.grid(3))
            meter, body = cut_bottom(rest, theme.grid(4), theme.grid(3))
            figure, gauge = columns(body, (3, 1), theme.grid(4))
        else:
            left, right = columns(box, (11, 9), theme.grid(4))
            drill, rest = cut_bottom(left, theme.grid(3), theme.grid(3))
            count, rest = cut_top(rest, round(rest.height * 0.52), theme.grid(4))
            pips, tell = cut_top(rest, theme.grid(3), theme.grid(3))
            meter, body = cut_bottom(right, theme.grid(4), theme.grid(3))
            figure, gauge = columns(body, (2, 1), theme.grid(4))
        self._place_count(canvas, snapshot.count, count, scene.now_s)
        _place_pips(canvas, snapshot, pips)
        _place_tell(canvas, snapshot, tell)
        self._place_figure(canvas, snapshot, figure, scene.now_s)
        self._gauge.draw(snapshot, gauge, canvas, scene.now_s)
        self._meter.draw(snapshot, meter, canvas, scene.now_s)
        _place_drill(canvas, snapshot, drill)

    def _place_count(self, canvas: Canvas, count: int, box: Rect, now_s: float) -> None:
        age_s = self._count.age_s(count, now_s)
        fresh = 1 - ease_out(min(1.0, age_s / _FLASH_S))
        colour = mix(Role.COUNT.value, Role.GOOD.value, round(fresh * _FLASH_STEPS) / _FLASH_STEPS)
        # the size that two figures have, so that the tenth rep changes nothing but the number
        cap_px = min(box.height, int(box.width / (2 * _DIGIT_EM) * CAP_RATIO))
        canvas.text("count", str(count), box, level=cap_px, colour=colour, weight=BOLD)
        if _FLASH_S < age_s < math.inf:
            # the next number is large and comes together with its cue, so it is made ready now
            after = canvas.type.fit(str(count + 1), BOLD, cap_px, box.size, 1)
            canvas.type.letters(after.lines[0], BOLD, after.em_px)

    def _place_figure(self, canvas: Canvas, snapshot: Snapshot, box: Rect, now_s: float) -> None:
        if snapshot.pose is None:
            return
        centre = round(self._centre.to(feet_share(snapshot.pose), now_s), 2)
        figure = mirrored(snapshot.pose, box.size, centre)

        def paint(surface: Surface) -> None:
            figure.paint(surface, Role.TEXT.value)

        canvas.place("figure", box, figure, paint)


def _place_pips(canvas: Canvas, snapshot: Snapshot, box: Rect) -> None:
    """A mark for each of the last movements."""
    record = snapshot.current
    shown = tuple(mark_of(rep) for rep in record.reps[-_PIPS:]) if record is not None else ()
    pitch = box.width / _PIPS

    def paint(surface: Surface) -> None:
        radius = min(surface.get_height() / 2, pitch * 0.32) - 1
        left = surface.get_width() / 2 - (len(shown) - 1) * pitch / 2
        for number, mark in enumerate(shown):
            paint_mark(surface, mark, (left + number * pitch, surface.get_height() / 2), radius)

    canvas.place("pips", box, shown, paint)


def _place_tell(canvas: Canvas, snapshot: Snapshot, box: Rect) -> None:
    """The newest of what there is to say; else where the movement stands."""
    partial, cue = _fresh_partial(snapshot), snapshot.cue
    if cue is not None and (partial is None or cue.time_s >= partial.end_s):
        _place_cue(canvas, cue, snapshot.exercise, box)
    elif partial is not None:
        colour = Role.WARN.value
        canvas.text("tell", reason(canvas, partial), box, level=Level.TITLE, colour=colour, lines=2)
    else:
        phase = canvas.words(f"phase.{snapshot.phase.value}")
        canvas.text("tell", phase, box, level=Level.DISPLAY)


def _place_cue(canvas: Canvas, cue: Cue, exercise: str, box: Rect) -> None:
    place = place_good if cue.kind is CueKind.PRAISE else place_fault
    text = canvas.words(fitting(cue.key, exercise, canvas.words))
    place(canvas, "tell", text, box, level=Level.DISPLAY, lines=2)


def _place_drill(canvas: Canvas, snapshot: Snapshot, box: Rect) -> None:
    if snapshot.drill is not None:
        drill = canvas.words(f"drill.{snapshot.drill}.name")
        canvas.text(
            "drill",
            canvas.words("set.drill", drill=drill),
            box,
            level=Level.BODY,
            colour=Role.QUIET.value,
            weight=SEMIBOLD,
        )


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
