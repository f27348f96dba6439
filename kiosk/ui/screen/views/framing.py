"""Somebody, not yet placed well: one thing to put right at a time."""

from functools import lru_cache

from pygame import Rect, Surface

from kiosk.coaching.snapshot import FramingStep
from kiosk.exercises.stick_figure import skeleton
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas, offscreen
from kiosk.ui.screen.toolkit.layout import columns, cut_bottom, cut_top, rows
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Level, Role, Space
from kiosk.ui.screen.widgets.camera_picture import paint_photo
from kiosk.ui.screen.widgets.live_figure import looks_right, mirrored
from kiosk.ui.screen.widgets.mannequin import Place, paint_outline

_TELL, _CHECK, _SIGN = 20, 8, 6
"""Heights in grid steps."""
_CORNER = 8  # of the picture's frame, in thicknesses of its line
_TALL, _FLOOR = 0.72, 0.93
"""Where to stand: a body of this share of the picture's height, its feet at that one."""
_SHADOWS = 4  # both ways round, before and when the user is in place
_CAMERA = (4, 3)  # the shape of its picture before there is one
_CHECKS_MOST = 0.6  # of the height beside the picture
_STANDING = skeleton(0.0, 0.0, arms="hang")


class FramingView:
    """The instruction, the user against a place to step into, and a tick for what is right."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        snapshot = scene.snapshot
        assert snapshot is not None
        theme = canvas.theme
        gap = theme.space(Space.GAP)
        listed = theme.grid(_CHECK) * len(snapshot.framing)
        if theme.portrait:
            told, rest = cut_top(box, theme.grid(_TELL), gap)
            checks, picture = cut_bottom(rest, listed, gap)
        else:
            picture, right = columns(box, (1, 1), theme.space(Space.LARGE))
            checks, told = cut_bottom(right, min(listed, round(right.height * _CHECKS_MOST)), gap)
        first = next((step.name for step in snapshot.framing if not step.met), None)
        canvas.text(
            "tell",
            canvas.words(f"framing.{first}.tell" if first else "framing.done"),
            told,
            level=Level.DISPLAY,
            colour=Role.TEXT.value if first else Role.GOOD.value,
            align=Align.CENTRE if theme.portrait else Align.LEFT,
            lines=2 if theme.portrait else 3,
        )
        self._picture(scene, picture, canvas, placed=first is None)
        cells = rows(checks, [1] * len(snapshot.framing)) if snapshot.framing else ()
        for step, cell in zip(snapshot.framing, cells, strict=True):
            _place_check(canvas, step, cell, now=step.name == first)

    @staticmethod
    def _picture(scene: Scene, box: Rect, canvas: Canvas, *, placed: bool) -> None:
        assert scene.snapshot is not None
        pose = scene.snapshot.pose
        width, height = pose.size if pose is not None else _CAMERA
        place = Rect(0, 0, width, height).fit(box)
        figure = mirrored(pose, place.size, 0.5) if pose is not None else None
        line = max(2, canvas.theme.space(Space.HAIR))
        ghost = Role.GOOD.value if placed else Role.QUIET.value
        facing = 1 if pose is None or looks_right(pose) else -1
        photo = scene.picture

        def paint(surface: Surface) -> None:
            if photo is not None:
                paint_photo(surface, photo, 0.5)
            else:
                surface.blit(_shadow(surface.get_size(), facing, ghost), (0, 0))
            draw.frame(surface, Role.QUIET.value, surface.get_rect(), _CORNER * line, line)
            if figure is not None:
                figure.paint(surface)

        canvas.place("picture", place, (figure, placed, facing, photo and photo.time_s), paint)


@lru_cache(maxsize=_SHADOWS)
def _shadow(size: tuple[int, int], facing: int, edge: Colour) -> Surface:
    """Where to stand."""
    surface = offscreen(size)
    tall = size[1]
    place = Place(size[0] / 2, _FLOOR * tall, _TALL * tall, facing)
    paint_outline(surface, place, _STANDING, edge)
    return surface


def _place_check(canvas: Canvas, step: FramingStep, cell: Rect, *, now: bool) -> None:
    theme = canvas.theme
    size = min(cell.height, theme.grid(_SIGN))
    sign = Rect(cell.left, cell.centery - size // 2, size, size)
    colour: Colour = Role.QUIET.value
    if step.met:
        colour = Role.GOOD.value
    elif now:
        colour = Role.TEXT.value

    def paint(surface: Surface) -> None:
        middle = size / 2
        line = max(2.0, size / 14)
        if step.met:
            draw.dot(surface, colour, (middle, middle), middle - 1)
            draw.tick(surface, BLACK, (middle, middle), middle * 0.8, line * 1.6)
        else:
            draw.circle(surface, colour, (middle, middle), middle - 1, line * (1.6 if now else 1))
            if now:
                draw.dot(surface, colour, (middle, middle), middle * 0.35)

    canvas.place(f"check.{step.name}.sign", sign, (step.met, now), paint)
    left = sign.right + theme.space(Space.SMALL)
    canvas.text(
        f"check.{step.name}",
        canvas.words(f"framing.{step.name}.name"),
        Rect(left, cell.top, cell.right - left, cell.height),
        level=Level.BODY,
        colour=colour,
        weight=SEMIBOLD,
        align=Align.LEFT,
    )
