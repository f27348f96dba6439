"""A set under way: the count, what the coach says, and the body at this moment."""

import math

from pygame import Rect, Surface

from kiosk.coaching.cues import Cue, CueKind, text_key_for
from kiosk.coaching.record import Rep
from kiosk.coaching.snapshot import RepPhase, Snapshot
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import columns, cut_bottom, cut_left, cut_right, cut_top
from kiosk.ui.screen.toolkit.motion import Changed, Follow, breath, ease_out
from kiosk.ui.screen.toolkit.text import BOLD, CAP_RATIO
from kiosk.ui.screen.toolkit.theme import Level, Pace, Role, Space, mix
from kiosk.ui.screen.widgets.camera_picture import paint_photo
from kiosk.ui.screen.widgets.depth_gauge import DepthGauge
from kiosk.ui.screen.widgets.hinge_meter import HingeMeter
from kiosk.ui.screen.widgets.live_figure import JOINT_OF, feet_share, mirrored
from kiosk.ui.screen.widgets.rep_marks import mark_of, paint_mark
from kiosk.ui.screen.widgets.signed_text import place_fault, place_good
from kiosk.ui.screen.widgets.tempo_ring import place_tempo

_COUNT = 1 / 3  # of the whole height, whatever the notices take away
_COUNT_BESIDE = 0.52  # of its column, on a wide screen
_PIPS_TALL, _TELL, _DRILL, _METER = 3, 15, 3, 4
"""Heights in grid steps."""
_GAUGE, _RING = 11, 15
"""Widths in grid steps."""
_BESIDE_MOST = 0.22  # of the width, for what stands on each side of the body
_FLASH_STEPS = 24
_BEAT_S, _BEATS = 0.6, 2  # a fault's bars swell so often, and then leave
_BAR = 1.8  # grid steps
_TELL_S = 3.0  # how long it says why a movement did not count
_DIGIT_EM = 0.53
_PIPS = 12


class SetView:
    """The count over a third of the height; under it what is said, the body and its measures."""

    def __init__(self) -> None:
        self._count = Changed()
        self._centre = Follow(Pace.ANCHOR_S)
        self._gauge = DepthGauge()
        self._meter = HingeMeter()

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        snapshot = scene.snapshot
        assert snapshot is not None
        theme, gap = canvas.theme, canvas.theme.space(Space.GAP)
        pips_px, drill_px = theme.grid(_PIPS_TALL), theme.grid(_DRILL)
        if theme.portrait:
            count, rest = cut_top(box, round(theme.size[1] * _COUNT), gap)
            pips, rest = cut_top(rest, pips_px, gap)
            tell, rest = cut_top(rest, theme.grid(_TELL), gap)
            drill, rest = cut_bottom(rest, drill_px, gap)
            meter, body = cut_bottom(rest, theme.grid(_METER), gap)
        else:
            left, right = columns(box, (11, 9), theme.space(Space.GROUP))
            drill, rest = cut_bottom(left, drill_px, gap)
            count, rest = cut_top(rest, round(rest.height * _COUNT_BESIDE), gap)
            pips, tell = cut_top(rest, pips_px, gap)
            meter, body = cut_bottom(right, theme.grid(_METER), gap)
        most = round(body.width * _BESIDE_MOST)
        ring, rest = cut_left(body, min(theme.grid(_RING), most), gap)
        gauge, figure = cut_right(rest, min(theme.grid(_GAUGE), most), gap)
        self._place_count(canvas, snapshot, count, scene.now_s)
        _place_pips(canvas, snapshot, pips)
        _place_tell(canvas, snapshot, tell)
        self._place_figure(canvas, scene, figure)
        place_tempo(canvas, snapshot, ring)
        self._gauge.draw(snapshot, gauge, canvas, scene.now_s)
        self._meter.draw(snapshot, meter, canvas, scene.now_s)
        _place_drill(canvas, snapshot, drill)

    def _place_count(self, canvas: Canvas, snapshot: Snapshot, box: Rect, now_s: float) -> None:
        count = snapshot.count
        age_s = self._count.age_s(count, now_s)
        fresh = 1 - ease_out(min(1.0, age_s / Pace.FLASH_S))
        colour = mix(Role.COUNT.value, Role.GOOD.value, round(fresh * _FLASH_STEPS) / _FLASH_STEPS)
        # the size that two figures have, so that the tenth rep changes nothing but the number
        cap_px = min(box.height, int(box.width / (2 * _DIGIT_EM) * CAP_RATIO))
        canvas.text("count", str(count), box, level=cap_px, colour=colour, weight=BOLD)
        _place_flash(canvas, snapshot, box)
        if Pace.FLASH_S < age_s < math.inf:
            # the next number is large and comes together with its cue, so it is made ready now
            after = canvas.type.fit(str(count + 1), BOLD, cap_px, box.size, 1)
            canvas.type.letters(after.lines[0], BOLD, after.em_px)

    def _place_figure(self, canvas: Canvas, scene: Scene, box: Rect) -> None:
        snapshot = scene.snapshot
        assert snapshot is not None
        if snapshot.pose is None:
            return
        centre = round(self._centre.to(feet_share(snapshot.pose), scene.now_s), 2)
        cue, photo = snapshot.cue, scene.picture
        lit = JOINT_OF.get(cue.check, ()) if cue is not None else ()
        figure = mirrored(snapshot.pose, box.size, centre, lit)
        praise = cue is not None and cue.kind is CueKind.PRAISE
        light = (Role.GOOD if praise else Role.WARN).value

        def paint(surface: Surface) -> None:
            if photo is not None:
                paint_photo(surface, photo, centre)
            figure.paint(surface, light=light)

        canvas.place("figure", box, (figure, light, photo and photo.time_s), paint)


def _place_flash(canvas: Canvas, snapshot: Snapshot, count: Rect) -> None:
    """Bars beside the count swell when a fault is told: seen from the corner of an eye."""
    cue = snapshot.cue
    if cue is None or cue.kind is not CueKind.FAULT:
        return
    age_s = snapshot.time_s - cue.time_s
    if not 0 <= age_s < _BEAT_S * _BEATS:
        return
    # a half beat ahead: it begins with light
    light = round(breath(age_s + _BEAT_S / 2, _BEAT_S) * _FLASH_STEPS) / _FLASH_STEPS
    colour = mix(Role.TRACK.value, Role.WARN.value, light)
    # in the margins, so that the count has its whole width
    wide, margin = canvas.theme.grid(_BAR), canvas.theme.space(Space.GROUP)
    for name, middle_x in (
        ("left", count.left - margin // 2),
        ("right", count.right + margin // 2),
    ):
        bar = Rect(middle_x - wide // 2, count.top, wide, count.height)
        canvas.place(f"flash.{name}", bar, colour, lambda s: draw.bar(s, colour, s.get_rect()))


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
    text = canvas.words(text_key_for(cue.key, exercise, canvas.words))
    place(canvas, "tell", text, box, level=Level.DISPLAY, lines=2)


def _place_drill(canvas: Canvas, snapshot: Snapshot, box: Rect) -> None:
    if snapshot.drill is not None:
        drill = canvas.words(f"drill.{snapshot.drill}.name")
        canvas.quiet(
            "drill",
            canvas.words("set.drill", drill=drill),
            box,
            level=Level.BODY,
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
