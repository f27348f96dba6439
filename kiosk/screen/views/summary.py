"""The set that is over: reps, tempo, and each rep's depth."""

from statistics import fmean

from pygame import Rect, Surface

from kiosk.coaching.record import Rep, SetRecord
from kiosk.screen import draw
from kiosk.screen.canvas import Align, Canvas
from kiosk.screen.layout import columns, cut_bottom, cut_top, rows
from kiosk.screen.scene import Scene
from kiosk.screen.text import SEMIBOLD
from kiosk.screen.theme import BLACK, Level, Role

_FULL = 1.15  # top of the strip, in full depths
_HEAD = 13  # grid steps
_WIDEST = 12  # a strip of fewer reps leaves room, so that bars never become slabs


class SummaryView:
    """What was done, in one look."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        snapshot = scene.snapshot
        assert snapshot is not None
        theme = canvas.theme
        record = snapshot.current
        reps = record.reps if record is not None else ()
        counted = record.counted if record is not None else ()
        if theme.portrait:
            head, rest = cut_top(box, theme.grid(_HEAD), theme.grid(5))
            big, rest = cut_top(rest, round(rest.height * 0.30), theme.grid(4))
            tempo, rest = cut_top(rest, round(rest.height * 0.26), theme.grid(4))
            foot, strip = cut_bottom(rest, theme.grid(8), theme.grid(4))
            foot = foot if reps else tempo
        else:
            left, right = columns(box, (4, 5), theme.grid(5))
            head, big = cut_top(left, theme.grid(_HEAD), theme.grid(3))
            tempo, rest = cut_top(right, round(right.height * 0.32), theme.grid(3))
            foot, strip = cut_bottom(rest, theme.grid(5), theme.grid(3))
            foot = foot if reps else right
        _place_head(canvas, snapshot.exercise, record, head)
        _place_reps(canvas, len(counted), big)
        _place_tempo(canvas, counted, tempo)
        _place_strip(canvas, reps, strip)
        _place_foot(canvas, len(counted), len(reps) - len(counted), foot)


def _place_head(canvas: Canvas, exercise: str, record: SetRecord | None, box: Rect) -> None:
    name, line = cut_top(box, canvas.theme.grid(5), canvas.theme.grid(4))
    canvas.text("name", canvas.words(f"exercise.{exercise}.name"), name, level=Level.TITLE)
    ended = record.ended if record is not None else None
    canvas.text(
        "ended",
        canvas.words(f"ended.{ended.value}") if ended else canvas.words("summary.title"),
        line,
        level=Level.BODY,
        colour=Role.QUIET.value,
        weight=SEMIBOLD,
    )


def _place_reps(canvas: Canvas, count: int, box: Rect) -> None:
    unit, number = cut_bottom(box, canvas.theme.grid(5), canvas.theme.grid(3))
    canvas.text("count", str(count), number, level=number.height, colour=Role.COUNT.value)
    canvas.text(
        "unit",
        canvas.words("set.reps", count=count),
        unit,
        level=Level.BODY,
        colour=Role.QUIET.value,
        weight=SEMIBOLD,
    )


def _place_tempo(canvas: Canvas, counted: tuple[Rep, ...], box: Rect) -> None:
    if not counted:
        return
    words = canvas.words
    figures = [
        (
            name,
            words("summary.figure", value=fmean(getattr(r.tempo, f"{name}_s") for r in counted)),
        )
        for name in ("eccentric", "pause", "concentric")
    ]
    scores = [rep.score for rep in counted if rep.score is not None]
    if scores:
        figures.append(("score", str(round(fmean(scores)))))
    for (name, figure), cell in zip(
        figures, columns(box, [1] * len(figures), canvas.theme.grid(2)), strict=True
    ):
        top, bottom = rows(cell, (3, 2), canvas.theme.grid(1))
        canvas.text(f"tempo.{name}", figure, top, level=Level.TITLE)
        canvas.text(
            f"tempo.{name}.name",
            words(f"summary.{name}"),
            bottom,
            level=Level.BODY,
            colour=Role.QUIET.value,
            weight=SEMIBOLD,
        )


def _place_strip(canvas: Canvas, reps: tuple[Rep, ...], box: Rect) -> None:
    if not any(rep.measures.depth is not None for rep in reps):
        return
    title, strip = cut_top(box, canvas.theme.grid(3), canvas.theme.grid(2))
    canvas.text(
        "strip.title",
        canvas.words("summary.strip"),
        title,
        level=Level.CAPTION,
        colour=Role.QUIET.value,
        weight=SEMIBOLD,
        align=Align.LEFT,
    )
    bars = tuple((rep.counted, min(_FULL, rep.measures.depth or 0.0)) for rep in reps)

    def paint(surface: Surface) -> None:
        _paint_strip(surface, bars)

    canvas.place("strip", strip, bars, paint)


def _paint_strip(surface: Surface, bars: tuple[tuple[bool, float], ...]) -> None:
    """Bars hang from standing, as the body went down; the line is full depth."""
    width, height = surface.get_size()
    pitch = width / max(_WIDEST, len(bars))
    thick = max(2, round(pitch * 0.44))
    left = (width - pitch * len(bars)) / 2 + (pitch - thick) / 2
    line = max(2, height // 90)
    full = round(height / _FULL)
    surface.fill(Role.QUIET.value, Rect(0, full - line // 2, width, line))
    for number, (counted, depth) in enumerate(bars):
        tall = max(thick, round(depth / _FULL * height))
        bar = Rect(round(left + number * pitch), 0, thick, tall)
        draw.bar(surface, Role.GOOD.value if counted else Role.WARN.value, bar)
        if not counted:
            rim = max(2, thick // 6)
            draw.bar(surface, BLACK, bar.inflate(-2 * rim, -2 * rim))


def _place_foot(canvas: Canvas, counted: int, partials: int, box: Rect) -> None:
    if partials:
        text, colour = canvas.words("summary.partials", count=partials), Role.WARN.value
    elif counted:
        text, colour = canvas.words("summary.all_counted"), Role.GOOD.value
    else:
        text, colour = canvas.words("summary.empty"), Role.QUIET.value
    canvas.text("foot", text, box, level=Level.BODY, colour=colour, weight=SEMIBOLD)
