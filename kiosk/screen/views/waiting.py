"""Nobody there: which exercise, how it goes, and where to stand."""

from pygame import Rect, Surface

from kiosk.screen import draw
from kiosk.screen.canvas import Align, Canvas
from kiosk.screen.figure import standing
from kiosk.screen.layout import columns, cut_bottom, cut_top, rows
from kiosk.screen.motion import breath
from kiosk.screen.scene import Scene
from kiosk.screen.text import SEMIBOLD
from kiosk.screen.theme import Level, Role, mix

_PERIOD_S = 4.0  # as slow as quiet breathing
_STEPS = 48


class WaitingView:
    """The exercise's name, its steps, and a figure on a mark that breathes."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        assert scene.snapshot is not None
        theme = canvas.theme
        exercise = scene.snapshot.exercise
        if theme.portrait:
            head, rest = cut_top(box, round(box.height * 0.17), theme.grid(2))
            steps, figure = cut_bottom(rest, round(rest.height * 0.36), theme.grid(4))
        else:
            figure, right = columns(box, (2, 3), theme.grid(4))
            head, steps = cut_top(right, round(right.height * 0.36), theme.grid(4))
        self._head(canvas, exercise, head)
        self._steps(canvas, exercise, steps)
        self._figure(canvas, scene.now_s, figure)

    @staticmethod
    def _head(canvas: Canvas, exercise: str, box: Rect) -> None:
        theme = canvas.theme
        align = Align.CENTRE if theme.portrait else Align.LEFT
        name, line = rows(box, (3, 2), theme.grid(1))
        title = canvas.words(f"exercise.{exercise}.name")
        canvas.text("name", title, name, level=Level.DISPLAY, align=align, lines=1)
        canvas.text(
            "line",
            canvas.words("waiting.line"),
            line,
            level=Level.BODY,
            colour=Role.GOOD.value,
            weight=SEMIBOLD,
            align=align,
        )

    @staticmethod
    def _steps(canvas: Canvas, exercise: str, box: Rect) -> None:
        theme = canvas.theme
        steps = canvas.words.list(f"exercise.{exercise}.steps")
        for number, (step, row) in enumerate(
            zip(steps, rows(box, [1] * len(steps), theme.grid(1)), strict=True), start=1
        ):
            badge = Rect(row.left, row.top, theme.grid(6), row.height)
            canvas.text(
                f"step.{number}.number",
                str(number),
                badge,
                level=Level.TITLE,
                colour=Role.QUIET.value,
                align=Align.LEFT,
            )
            canvas.text(
                f"step.{number}",
                step,
                Rect(badge.right, row.top, row.right - badge.right, row.height),
                level=Level.BODY,
                weight=SEMIBOLD,
                align=Align.LEFT,
            )

    @staticmethod
    def _figure(canvas: Canvas, now_s: float, box: Rect) -> None:
        mark, body = cut_bottom(box, round(box.height * 0.14))
        figure = standing(body.size)
        colour = Role.TEXT.value

        def paint_body(surface: Surface) -> None:
            figure.paint(surface, colour)

        canvas.place("figure", body, figure, paint_body)
        swell = round(breath(now_s, _PERIOD_S) * _STEPS) / _STEPS

        def paint_mark(surface: Surface) -> None:
            _paint_mark(surface, swell)

        wide = min(mark.width, round(figure.height_px * 0.62))
        canvas.place(
            "mark", Rect(mark.centerx - wide // 2, mark.top, wide, mark.height), swell, paint_mark
        )


def _paint_mark(surface: Surface, swell: float) -> None:
    """Where to stand: a bar on the floor, and a wider one that breathes under it."""
    width, height = surface.get_size()
    thick = height * 0.13
    near, far = (height * 0.22, 0.30), (height * 0.60, 0.30 + 0.14 * swell)
    for (y, reach), colour in (
        (near, Role.GOOD.value),
        (far, mix(Role.GOOD.value, Role.TRACK.value, 0.35 + 0.65 * swell)),
    ):
        draw.limb(surface, colour, (width * (0.5 - reach), y), (width * (0.5 + reach), y), thick)
