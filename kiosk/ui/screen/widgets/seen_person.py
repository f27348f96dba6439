"""Draws the frame of the camera's picture: who is seen in it, and a place to step into."""

from functools import lru_cache

from pygame import Rect, Surface

from kiosk.body.pose import Pose
from kiosk.exercises.stick_figure import skeleton
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas, offscreen
from kiosk.ui.screen.toolkit.theme import Colour, Role, Space
from kiosk.ui.screen.widgets.live_figure import (
    LiveFigure,
    draw_camera_picture,
    faces_right,
    live_figure,
)
from kiosk.ui.screen.widgets.mannequin import Mannequin, Place
from kiosk.vision.camera.frame import Frame

_CORNER = 8  # of the picture's frame, in thicknesses of its line
_TALL, _FLOOR = 0.72, 0.93
"""Where to stand: a body of this share of the picture's height, its feet at that one."""
_OUTLINES = 4  # both ways round, before and when the user is in place
_CAMERA = (4, 3)  # the shape of its picture before there is one
_STANDING = skeleton(0.0, 0.0, arms="hang")


def place_seen_person(
    canvas: Canvas, pose: Pose | None, box: Rect, picture: Frame | None, *, placed: bool
) -> None:
    """Places the person of a pose, in the frame of the picture that it was found in.

    Behind them is the camera's picture where there is one to be shown, else a place to step into,
    which turns green once they are placed.
    """
    width, height = pose.size if pose is not None else _CAMERA
    place = Rect(0, 0, width, height).fit(box)
    figure = live_figure(pose, place.size, 0.5) if pose is not None else None
    line = max(2, canvas.theme.grid(Space.HAIR))
    edge = Role.GOOD if placed else Role.QUIET
    facing = 1 if pose is None or faces_right(pose) else -1
    canvas.place("picture", place, _draw_picture, figure, edge, facing, line, picture)


def _draw_picture(
    surface: Surface,
    figure: LiveFigure | None,
    edge: Colour,
    facing: int,
    line: int,
    picture: Frame | None,
) -> None:
    if picture is not None:
        draw_camera_picture(surface, picture, 0.5)
    else:
        surface.blit(_outline(surface.get_size(), facing, edge), (0, 0))
    draw.frame(surface, Role.QUIET, surface.get_rect(), _CORNER * line, line)
    if figure is not None:
        figure.draw(surface)


@lru_cache(maxsize=_OUTLINES)
def _outline(size: tuple[int, int], facing: int, edge: Colour) -> Surface:
    """A picture of where to stand."""
    surface = offscreen(size)
    tall = size[1]
    place = Place(size[0] / 2, _FLOOR * tall, _TALL * tall, facing)
    Mannequin(surface, place, _STANDING).draw_outline(edge)
    return surface
