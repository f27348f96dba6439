"""How deep the body is, against how deep it should go."""

from pygame import Rect, Surface

from kiosk.coaching.snapshot import Snapshot
from kiosk.screen import draw
from kiosk.screen.canvas import Canvas
from kiosk.screen.layout import cut_top
from kiosk.screen.motion import Follow
from kiosk.screen.text import SEMIBOLD
from kiosk.screen.theme import BLACK, Level, Role

_GLIDE_S = 0.06  # hides the steps between two poses without trailing behind the body
_SCALE_END = 1.25  # the groove goes on below the target, so that deeper still shows
_STEPS = 400


class DepthGauge:
    """A groove that fills downward as the body goes down; the target is a ring around its end."""

    def __init__(self) -> None:
        self._depth = Follow(_GLIDE_S)

    def draw(self, snapshot: Snapshot, box: Rect, canvas: Canvas, now_s: float) -> None:
        """Places the gauge with its title."""
        theme = canvas.theme
        title, groove = cut_top(box, theme.grid(3), theme.grid(2))
        canvas.text(
            "depth.title",
            canvas.words("depth.title"),
            title,
            level=Level.CAPTION,
            colour=Role.QUIET.value,
            weight=SEMIBOLD,
        )
        depth = self._depth.to(min(max(snapshot.depth, 0.0), _SCALE_END), now_s)
        share = round(depth / _SCALE_END * _STEPS) / _STEPS
        place = Rect(0, 0, min(groove.width, theme.grid(11)), groove.height)
        place.midtop = groove.midtop

        def paint(surface: Surface) -> None:
            _paint(surface, share)

        canvas.place("depth", place, share, paint)


def _paint(surface: Surface, share: float) -> None:
    width, height = surface.get_size()
    target = 1 / _SCALE_END
    reached = share >= target
    thick = round(width * 0.46)
    groove = Rect((width - thick) // 2, 0, thick, height)
    draw.bar(surface, Role.TRACK.value, groove)
    if share > 0:
        colour = Role.GOOD.value if reached else Role.TEXT.value
        fill = Rect(groove.left, 0, thick, max(thick, round(height * share)))
        draw.bar(surface, colour, fill)
    y = height * target
    line = max(2.0, width * 0.06)
    draw.limb(surface, Role.GOOD.value, (line, y), (groove.left - line, y), line)
    draw.limb(surface, Role.GOOD.value, (groove.right + line, y), (width - line, y), line)
    if reached:
        draw.tick(surface, BLACK, (width / 2, y - thick * 0.5), thick * 0.4, line)
