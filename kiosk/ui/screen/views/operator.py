"""For whoever looks after the mirror: how it is doing, what went wrong last, how loud it is."""

from pygame import Rect, Surface

from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import columns, cut_bottom, cut_top, middle, rows
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Level, Role, Space
from kiosk.ui.screen.widgets.rep_marks import Mark, paint_mark
from kiosk.ui.status import OperatorFacts

_TITLE, _ROW, _VOLUME, _TROUBLE, _SIGN = 5, 5, 5, 6, 2.4
"""Heights in grid steps."""
_SHOWN = 6  # troubles
_FACTS_MOST = 0.66  # of the height
_GROOVE = 0.4  # of the row's height


class OperatorView:
    """Line by line; read from near by, so smaller than all else."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        operator = scene.operator
        theme, words = canvas.theme, canvas.words
        title, rest = cut_top(box, theme.grid(_TITLE), theme.space(Space.GAP))
        canvas.text("title", words("operator.title"), title, level=Level.TITLE)
        if operator is None:
            return
        volume, rest = cut_bottom(rest, theme.grid(_VOLUME), theme.space(Space.GAP))
        _place_volume(canvas, operator.volume, volume)
        if theme.portrait:
            tall = min(theme.grid(_ROW) * len(operator.facts), round(rest.height * _FACTS_MOST))
            facts, troubles = cut_top(rest, tall, theme.space(Space.GROUP))
        else:
            facts, troubles = columns(rest, (1, 1), theme.space(Space.LARGE))
        _place_facts(canvas, operator, facts)
        _place_troubles(canvas, operator.troubles[:_SHOWN], troubles)


def _place_facts(canvas: Canvas, operator: OperatorFacts, box: Rect) -> None:
    theme = canvas.theme
    for fact, cell in zip(operator.facts, rows(box, [1] * len(operator.facts)), strict=True):
        key, value = columns(cell, (1, 2), theme.space(Space.GAP))
        name = canvas.words(f"operator.{fact.key}")
        _line(canvas, f"fact.{fact.key}", name, key, Role.QUIET)
        size = theme.grid(_SIGN)
        if not fact.good:
            sign = Rect(value.left, value.centery - size // 2, size, size)
            canvas.place(f"fact.{fact.key}.sign", sign, (), _paint_sign)
            value = Rect(
                sign.right + size // 2, cell.top, value.right - sign.right - size // 2, cell.height
            )
        colour = Role.TEXT if fact.good else Role.WARN
        _line(canvas, f"fact.{fact.key}.value", fact.value, value, colour)


def _paint_sign(surface: Surface) -> None:
    middle_of = surface.get_width() / 2
    paint_mark(surface, Mark.FAULT, (middle_of, middle_of), middle_of - 1)


def _place_troubles(canvas: Canvas, troubles: tuple[str, ...], box: Rect) -> None:
    theme, words = canvas.theme, canvas.words
    label, rest = cut_top(box, theme.grid(_ROW), theme.space(Space.TIGHT))
    key = "operator.troubles" if troubles else "operator.no_troubles"
    _line(canvas, "troubles", words(key), label, Role.QUIET)
    tall = min(theme.grid(_TROUBLE), rest.height // _SHOWN)
    for number, trouble in enumerate(troubles):
        row = Rect(rest.left, rest.top + number * tall, rest.width, tall)
        canvas.text(
            f"trouble.{number}",
            trouble,
            row,
            level=Level.HINT,
            weight=SEMIBOLD,
            align=Align.LEFT,
            lines=2,
        )


def _place_volume(canvas: Canvas, volume: float, box: Rect) -> None:
    label, groove = columns(middle(box, box.height), (2, 3), canvas.theme.space(Space.GAP))
    key = "operator.volume" if volume else "notice.muted"
    _line(canvas, "volume", canvas.words(key, share=volume), label, Role.TEXT)
    bar = middle(groove, round(groove.height * _GROOVE))

    def paint(surface: Surface) -> None:
        whole = surface.get_rect()
        draw.bar(surface, Role.TRACK.value, whole)
        if volume:
            wide = max(whole.height, round(whole.width * volume))
            draw.bar(surface, Role.GOOD.value, Rect(0, 0, wide, whole.height))

    canvas.place("volume.bar", bar, volume, paint)


def _line(canvas: Canvas, name: str, text: str, box: Rect, role: Role) -> None:
    canvas.text(
        name,
        text,
        box,
        level=Level.CAPTION,
        colour=role.value,
        weight=SEMIBOLD,
        align=Align.LEFT,
        lines=2,
    )
