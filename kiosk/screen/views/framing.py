"""Somebody, not yet placed well: one thing to put right at a time."""

from pygame import Rect, Surface

from kiosk.coaching.snapshot import FramingStep
from kiosk.screen import draw
from kiosk.screen.canvas import Align, Canvas
from kiosk.screen.figure import mirrored
from kiosk.screen.layout import columns, cut_bottom, cut_top, rows
from kiosk.screen.scene import Scene
from kiosk.screen.text import SEMIBOLD
from kiosk.screen.theme import BLACK, Colour, Level, Role


class FramingView:
    """The instruction, the user in the picture, and a tick for each thing that is right."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        snapshot = scene.snapshot
        assert snapshot is not None
        theme = canvas.theme
        if theme.portrait:
            told, rest = cut_top(box, round(box.height * 0.19), theme.grid(3))
            checks, picture = cut_bottom(rest, round(rest.height * 0.30), theme.grid(3))
        else:
            picture, right = columns(box, (1, 1), theme.grid(5))
            told, checks = cut_top(right, round(right.height * 0.42), theme.grid(3))
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
        self._picture(scene, picture, canvas)
        cells = rows(checks, [1] * len(snapshot.framing), theme.grid(1)) if snapshot.framing else ()
        for step, cell in zip(snapshot.framing, cells, strict=True):
            _place_check(canvas, step, cell, now=step.name == first)

    @staticmethod
    def _picture(scene: Scene, box: Rect, canvas: Canvas) -> None:
        assert scene.snapshot is not None
        pose = scene.snapshot.pose
        width, height = pose.size if pose is not None else (4, 3)
        place = Rect(0, 0, width, height).fit(box)
        figure = mirrored(pose, place.size, 0.5) if pose is not None else None
        line = max(3, canvas.theme.grid(0.5))

        def paint(surface: Surface) -> None:
            draw.frame(surface, Role.QUIET.value, surface.get_rect(), 8 * line, line)
            if figure is not None:
                figure.paint(surface, Role.TEXT.value)

        canvas.place("picture", place, figure, paint)


def _place_check(canvas: Canvas, step: FramingStep, cell: Rect, *, now: bool) -> None:
    theme = canvas.theme
    size = min(cell.height, theme.grid(6))
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
    left = sign.right + theme.grid(2)
    canvas.text(
        f"check.{step.name}",
        canvas.words(f"framing.{step.name}.name"),
        Rect(left, cell.top, cell.right - left, cell.height),
        level=Level.BODY,
        colour=colour,
        weight=SEMIBOLD,
        align=Align.LEFT,
    )
