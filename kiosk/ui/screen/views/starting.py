"""Before the first frame was judged, or while nothing can be seen: waking up, or what is wrong."""

from pygame import Rect, Surface

from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import cut_top, middle
from kiosk.ui.screen.toolkit.motion import breath
from kiosk.ui.screen.toolkit.theme import Level, Role, Space, mix

_BLOCK, _TITLE, _LINE, _DOT = 36, 20, 8, 2
"""Heights in grid steps."""
_DOTS = 3
_PERIOD_S = 2.4
_LAG = 1 / 6  # of a period from one dot to the next
_STEPS = 24


class StartingView:
    """A title, a line and three dots that breathe one after the other."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        theme = canvas.theme
        section = f"fault.{scene.blind}" if scene.blind else "starting"
        stack = middle(box, theme.grid(_BLOCK))
        title, rest = cut_top(stack, theme.grid(_TITLE), theme.space(Space.SMALL))
        line, dots = cut_top(rest, theme.grid(_LINE), theme.space(Space.SMALL))
        canvas.text("title", canvas.words(f"{section}.title"), title, level=Level.DISPLAY, lines=2)
        canvas.quiet(
            "line",
            canvas.words(f"{section}.line"),
            line,
            level=Level.BODY,
            lines=2,
        )
        size = theme.grid(_DOT)
        for number in range(_DOTS):
            swell = breath(scene.now_s - number * _PERIOD_S * _LAG, _PERIOD_S)
            light = round(swell * _STEPS) / _STEPS
            place = Rect(0, 0, size, size)
            place.center = (dots.centerx + (number - 1) * 2 * size, dots.centery)
            colour = mix(Role.TRACK.value, Role.TEXT.value, light)

            def paint(surface: Surface, colour: tuple[int, int, int] = colour) -> None:
                middle = surface.get_width() / 2
                draw.dot(surface, colour, (middle, middle), middle - 1)

            canvas.place(f"dot.{number}", place, colour, paint)
