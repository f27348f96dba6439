"""A gauge of how deep the body is, against how deep it should go."""

from pygame import Rect, Surface

from kiosk.coaching.snapshot import Snapshot
from kiosk.exercises.exercise import Exercise
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import centred, rows
from kiosk.ui.screen.toolkit.motion import Follow
from kiosk.ui.screen.toolkit.theme import BLACK, Level, Pace, Role, Space

_SCALE_END = 1.25  # the groove goes on below full depth, so that deeper still shows
_BAND_FROM, _BAND_TO = 0.95, 1.15
"""The band around full depth where no check says from where on a rep is deep enough."""
_STEPS = 400
_TITLE, _WIDE = 3, 11  # grid steps
_GROOVE, _BAND, _RIM = 0.40, 0.86, 0.05  # of the width


class DepthGauge:
    """A groove that fills downward as the body goes down, into a band that is deep enough."""

    def __init__(self) -> None:
        self._depth = Follow(Pace.GLIDE_S)

    def draw(self, snapshot: Snapshot, box: Rect, canvas: Canvas, now_s: float) -> None:
        """Places the gauge with its title."""
        grid = canvas.theme.grid
        title, groove = rows(box, (grid(_TITLE), 1.0), grid(Space.SMALL))
        canvas.label("depth.title", canvas.words("depth.title"), title, Level.CAPTION)
        depth = self._depth.update(min(max(snapshot.depth, 0.0), _SCALE_END), now_s)
        share = round(depth / _SCALE_END * _STEPS) / _STEPS
        place = centred(groove, min(groove.width, grid(_WIDE)), groove.height)
        band = depth_band(canvas.words.exercises[snapshot.exercise])
        canvas.place("depth", place, _draw_gauge, share, band)


def depth_band(exercise: Exercise) -> tuple[float, float]:
    """From where to where a rep is deep enough, in full depths.

    It begins where the exercise's own check no longer says shallow, so that gauge and verdict
    agree.
    """
    for rule in exercise.checks:
        if rule.id == "shallow" and rule.measure == "trunk_lean":
            return (rule.limit + rule.band) / exercise.rep.full_lean_deg, _BAND_TO
    return _BAND_FROM, _BAND_TO


def _draw_gauge(surface: Surface, share: float, band: tuple[float, float]) -> None:
    width, height = surface.get_size()
    top, end = (height * part / _SCALE_END for part in band)
    inside = share * height >= top
    thick = round(width * _GROOVE)
    groove = Rect((width - thick) // 2, 0, thick, height)
    wide = round(width * _BAND)
    rim = max(2, round(width * _RIM))
    target = Rect((width - wide) // 2, round(top), wide, round(end - top))
    draw.bar(surface, Role.TRACK, groove)
    draw.rounded(surface, Role.GOOD, target, target.width / 4)
    inner = target.inflate(-2 * rim, -2 * rim)
    draw.rounded(surface, BLACK, inner, inner.width / 4)
    draw.bar(surface, Role.TRACK, groove.inflate(-2, 0).clip(inner))
    if share > 0:
        fill = Rect(groove.left, 0, thick, max(thick, round(height * share)))
        draw.bar(surface, Role.GOOD if inside else Role.TEXT, fill)
    if inside:
        y = max(top + thick * 0.5, share * height - thick * 0.5)
        draw.tick(surface, BLACK, (width / 2, y), thick * 0.42, max(2.0, width * 0.06))
