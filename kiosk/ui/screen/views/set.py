"""Places the screen of a set under way: count, newest message of the coach, and the body now."""

import math

from pygame import Rect

from kiosk.coaching.cues import CueKind
from kiosk.coaching.record import Rep
from kiosk.coaching.snapshot import RepPhase, Snapshot
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import Area, arrange, columns
from kiosk.ui.screen.toolkit.motion import ChangeTimer, Follow, ease_out, swell
from kiosk.ui.screen.toolkit.text import BOLD, CAP_RATIO, DIGIT_EM
from kiosk.ui.screen.toolkit.theme import Level, Pace, Role, Space, mix
from kiosk.ui.screen.widgets.gauges import DepthGauge, HingeMeter, place_tempo_ring
from kiosk.ui.screen.widgets.live_figure import (
    KEYPOINTS_OF_CHECK,
    feet_position,
    place_live_figure,
)
from kiosk.ui.screen.widgets.rep_marks import draw_rep_marks, place_verdict, rep_mark
from kiosk.ui.summary_text import slower_line
from kiosk.ui.training_text import target_line

_COUNT = 1 / 3  # of the whole height, whatever the notices take away
_COUNT_BESIDE = 0.52  # of its column, on a wide screen
_MARKS_TALL, _MESSAGE, _DRILL, _METER = 4, 15, 3, 4
"""Heights in grid steps."""
_GAUGE, _RING = 11, 15
"""Widths in grid steps."""
_BESIDE_MOST = 0.22  # of the width, for what stands on each side of the body
_FLASH_STEPS = 24
_BEAT_S, _BEATS = 0.6, 2  # a fault's bars swell so often, and then leave
_BAR = 1.8  # grid steps
_PARTIAL_S = 3.0  # how long it is shown why a movement did not count
_BESIDE_MARKS = (5.0, 3.0)  # the marks, and beside them the planned reps
_MARKS, _MARK = 12, 0.32  # the last movements, and a mark's radius in widths of its place


class SetView:
    """The count over a third of the height; under it the message, the body and its measures."""

    def __init__(self) -> None:
        self._count = ChangeTimer()
        self._centre = Follow(Pace.ANCHOR_S)
        self._gauge = DepthGauge()
        self._meter = HingeMeter()

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the count, the message, the body and its measures."""
        snapshot, theme, grid = scene.judged, canvas.theme, canvas.theme.grid
        gap = grid(Space.GAP)
        beside = round((box.height - grid(_DRILL) - gap) * _COUNT_BESIDE)
        areas = (
            Area("left", round(theme.size[1] * _COUNT), beside),
            Area("left", grid(_MARKS_TALL)),
            Area("left", grid(_MESSAGE), 1.0),
            Area("right"),
            Area("right", grid(_METER)),
            Area("left", grid(_DRILL)),
        )
        count, marks, message, body, meter, drill = arrange(
            theme, box, areas, gap=Space.GAP, beside=Space.GROUP, widths=(11.0, 9.0)
        )
        most = round(body.width * _BESIDE_MOST)
        sides = (min(grid(_RING), most), 1.0, min(grid(_GAUGE), most))
        ring, figure, gauge = columns(body, sides, gap)
        self._place_count(canvas, snapshot, count, scene.now_s)
        record = snapshot.current
        shown = tuple(map(rep_mark, record.reps[-_MARKS:])) if record is not None else ()
        target = target_line(snapshot.count, scene.lifting.facts.target_reps, canvas.words)
        if target is not None:
            marks, planned = columns(marks, _BESIDE_MARKS, grid(Space.GAP))
            met = snapshot.count >= (scene.lifting.facts.target_reps or 0)
            colour = Role.GOOD if met else Role.TEXT
            canvas.text("target", target, planned, Level.TITLE, colour, align=Align.RIGHT)
        canvas.place("marks", marks, draw_rep_marks, shown, _MARKS, _MARK)
        _place_message(canvas, snapshot, message)
        self._place_figure(canvas, scene, figure)
        place_tempo_ring(canvas, snapshot, ring)
        self._gauge.draw(snapshot, gauge, canvas, scene.now_s)
        self._meter.draw(snapshot, meter, canvas, scene.now_s)
        if snapshot.suggested is not None:
            line = canvas.words("set.suggested", exercise=canvas.words.name_of(snapshot.suggested))
            canvas.label("suggested", line, drill, Level.BODY, Role.TEXT)
        elif snapshot.bystander:
            canvas.label("beside", canvas.words("set.bystander"), drill, Level.BODY, Role.TEXT)
        elif snapshot.drill is not None:
            name = canvas.words(f"drill.{snapshot.drill}.name")
            canvas.label("drill", canvas.words("set.drill", drill=name), drill, Level.BODY)
        elif snapshot.slower is not None:
            line = slower_line(snapshot.slower, canvas.words, "set.slower")
            canvas.label("slower", line, drill, Level.BODY, Role.TEXT)

    def _place_count(self, canvas: Canvas, snapshot: Snapshot, box: Rect, now_s: float) -> None:
        count = snapshot.count
        age_s = self._count.age_s(count, now_s)
        fresh = 1 - ease_out(min(1.0, age_s / Pace.FLASH_S))
        colour = mix(Role.COUNT, Role.GOOD, round(fresh * _FLASH_STEPS) / _FLASH_STEPS)
        # the size that two figures have, so that the tenth rep changes nothing but the number
        cap_px = min(box.height, int(box.width / (2 * DIGIT_EM) * CAP_RATIO))
        canvas.text("count", str(count), box, cap_px, colour)
        _place_flash(canvas, snapshot, box)
        if Pace.FLASH_S < age_s < math.inf:
            # the next number is large and comes together with its cue, so it is made ready now
            after = canvas.type.fit(str(count + 1), BOLD, cap_px, box.size, 1)
            canvas.type.letters(after.lines[0], BOLD, after.em_px)

    def _place_figure(self, canvas: Canvas, scene: Scene, box: Rect) -> None:
        pose, cue = scene.judged.pose, scene.judged.cue
        if pose is None:
            return
        centre = round(self._centre.update(feet_position(pose), scene.now_s), 2)
        lit = KEYPOINTS_OF_CHECK.get(cue.check, ()) if cue is not None else ()
        praise = cue is not None and cue.kind is CueKind.PRAISE
        light = Role.GOOD if praise else Role.WARN
        place_live_figure(canvas, pose, centre, box, lit, light, scene.picture)


def _place_flash(canvas: Canvas, snapshot: Snapshot, count: Rect) -> None:
    """Bars beside the count swell when a fault is named: seen without looking straight at them."""
    cue = snapshot.cue
    if cue is None or cue.kind is not CueKind.FAULT:
        return
    age_s = snapshot.time_s - cue.time_s
    if not 0 <= age_s < _BEAT_S * _BEATS:
        return
    # a half beat ahead: it begins with light
    light = round(swell(age_s + _BEAT_S / 2, _BEAT_S) * _FLASH_STEPS) / _FLASH_STEPS
    colour = mix(Role.TRACK, Role.WARN, light)
    # in the margins, so that the count has its whole width
    wide, margin = canvas.theme.grid(_BAR), canvas.theme.grid(Space.GROUP)
    for name, middle in (("left", count.left - margin // 2), ("right", count.right + margin // 2)):
        bar = Rect(middle - wide // 2, count.top, wide, count.height)
        canvas.place(f"flash.{name}", bar, draw.bar, colour, Rect((0, 0), bar.size))


def _place_message(canvas: Canvas, snapshot: Snapshot, box: Rect) -> None:
    """Places the newest cue or the reason of a partial; else the phase of the movement."""
    words, partial, cue = canvas.words, _fresh_partial(snapshot), snapshot.cue
    if cue is not None and (partial is None or cue.time_s >= partial.end_s):
        good = cue.kind is CueKind.PRAISE
        text = words(words.own_key(cue.key, snapshot.exercise))
        if cue.kind is CueKind.HINT:
            # no verdict on the rep: without its sign and its colour
            canvas.text("message", text, box, Level.TITLE, lines=3)
            return
        place_verdict(canvas, "message", text, box, good=good, level=Level.DISPLAY, lines=2)
    elif partial is not None:
        # why it did not count, as advice
        key = f"partial.{partial.partial_reason}"
        text = words(key if key in words else "partial.other")
        canvas.text("message", text, box, Level.TITLE, Role.WARN, lines=2)
    else:
        canvas.text("message", words(f"phase.{snapshot.phase.value}"), box, Level.DISPLAY)


def _fresh_partial(snapshot: Snapshot) -> Rep | None:
    """The last movement, if it did not count and has just ended."""
    last = snapshot.last
    resting = snapshot.phase is RepPhase.TOP
    if last is None or last.counted or not resting or snapshot.time_s - last.end_s > _PARTIAL_S:
        return None
    return last
