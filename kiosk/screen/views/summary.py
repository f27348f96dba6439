"""The set that is over: reps and score, each rep's depth and mark, and one thing to work on."""

from collections.abc import Iterator
from functools import partial
from statistics import fmean

from pygame import Rect

from kiosk.coaching.cues import fitting
from kiosk.coaching.record import Rep
from kiosk.coaching.snapshot import Snapshot
from kiosk.coaching.summary import SCORE_RULE, Advice, Summary
from kiosk.screen.canvas import Canvas
from kiosk.screen.findings import fade_line, unjudged_line
from kiosk.screen.layout import columns, cut_bottom, cut_top, middle
from kiosk.screen.scene import Scene
from kiosk.screen.signed import place_good
from kiosk.screen.stack import Block, stack
from kiosk.screen.strip import LEAST, MOST, place_strip
from kiosk.screen.text import CAP_RATIO, SEMIBOLD
from kiosk.screen.theme import Level, Role

_DIGIT_EM = 0.53


class SummaryView:
    """What was done, in one look: the biggest matters most, and what does not fit stays out."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        snapshot = scene.snapshot
        assert snapshot is not None
        theme = canvas.theme
        done, told = list(_done(canvas, snapshot)), list(_told(canvas, snapshot))
        if theme.portrait:
            stack(box, done + told, theme.grid(4.5))
        else:
            left, right = columns(box, (16, 15), theme.grid(4))  # the score's rule is long
            stack(left, done, theme.grid(3.5))
            stack(right, told, theme.grid(3.5))


def _done(canvas: Canvas, snapshot: Snapshot) -> Iterator[Block]:
    """What was done: the exercise, the count, and the score with its rule."""
    grid, words = canvas.theme.grid, canvas.words
    name = words(f"exercise.{snapshot.exercise}.name")
    yield Block(4, grid(5), partial(canvas.text, "name", name, level=Level.TITLE))
    record = snapshot.current
    ended = None if record is None else record.ended
    key = "summary.title" if ended is None else f"ended.{ended.value}"
    yield _line(canvas, 9, "ended", words(key), Level.CAPTION)
    score = None if snapshot.summary is None else snapshot.summary.score
    figures = partial(_place_figures, canvas, snapshot.count, score)
    yield Block(0, grid(16), figures, grow=1, most_px=grid(36))
    if score is not None:
        yield _line(canvas, 6, "rule", words(SCORE_RULE), Level.CAPTION)


def _told(canvas: Canvas, snapshot: Snapshot) -> Iterator[Block]:
    """What is told of it, rep by rep and as a whole."""
    grid, words, summary = canvas.theme.grid, canvas.words, snapshot.summary
    reps = () if snapshot.current is None else snapshot.current.reps
    counted = [rep for rep in reps if rep.counted]
    if not counted:
        yield _line(canvas, 1, "empty", words("summary.empty"), Level.BODY)
        return
    strip = partial(place_strip, canvas, reps)
    yield Block(1, grid(LEAST), strip, grow=2, most_px=grid(MOST))
    if summary is not None:
        yield from _findings(canvas, snapshot.exercise, summary)
    if summary is None or summary.one_thing is None:
        # with something to work on, the tempo would be one thing too many
        yield _line(canvas, 8, "tempo", _tempo(canvas, counted), Level.CAPTION)


def _findings(canvas: Canvas, exercise: str, summary: Summary) -> Iterator[Block]:
    grid, words = canvas.theme.grid, canvas.words
    if summary.one_thing is not None:
        place = partial(_place_advice, canvas, summary.one_thing, exercise)
        tall = 19 if summary.one_thing.drill else 13.5
        yield Block(2, grid(tall), place)
    elif summary.clean_reps == summary.reps:
        text = words("summary.all_clean")
        yield Block(2, grid(6), partial(place_good, canvas, "clean", text, level=Level.TITLE))
    fade = fade_line(summary.fade, exercise, words)
    if fade is not None:
        yield Block(
            5,
            grid(3),
            partial(canvas.text, "fade", fade, level=Level.BODY, weight=SEMIBOLD),
        )
    unjudged = unjudged_line(summary, words)
    if unjudged is not None:
        # without a score this line says why
        rank, level = (3, Level.BODY) if summary.score is None else (7, Level.CAPTION)
        yield _line(canvas, rank, "unjudged", unjudged, level)


def _line(canvas: Canvas, rank: int, name: str, text: str, level: Level) -> Block:
    """One quiet line."""
    place = partial(canvas.text, name, text, level=level, colour=Role.QUIET.value, weight=SEMIBOLD)
    return Block(rank, canvas.theme.grid(3), place)


def _place_figures(canvas: Canvas, count: int, score: int | None, box: Rect) -> None:
    """The count, and beside it the score in figures of the same size."""
    words = canvas.words
    figures = [("count", count, words("set.reps", count=count))]
    if score is not None:
        figures.append(("score", score, words("summary.score")))
    cells = columns(box, [1] * len(figures), canvas.theme.grid(4))
    longest = max(len(str(figure)) for _, figure, _ in figures)
    for (name, figure, unit), cell in zip(figures, cells, strict=True):
        most_px = int(cell.width / (longest * _DIGIT_EM) * CAP_RATIO)
        cap_px = min(cell.height - canvas.theme.grid(5.5), most_px)
        pair = middle(cell, cap_px + canvas.theme.grid(5.5))
        number, below = cut_top(pair, cap_px, canvas.theme.grid(2.5))
        canvas.text(name, str(figure), number, level=cap_px, colour=Role.COUNT.value)
        canvas.text(
            f"{name}.unit",
            unit,
            below,
            level=Level.BODY,
            colour=Role.QUIET.value,
            weight=SEMIBOLD,
        )


def _place_advice(canvas: Canvas, advice: Advice, exercise: str, box: Rect) -> None:
    theme, words = canvas.theme, canvas.words
    label, rest = cut_top(box, theme.grid(2.2), theme.grid(1.8))
    canvas.text(
        "advice.label",
        words("summary.work_on"),
        label,
        level=Level.CAPTION,
        colour=Role.QUIET.value,
        weight=SEMIBOLD,
    )
    if advice.drill_key is not None:
        drill, rest = cut_bottom(rest, theme.grid(3), theme.grid(2.6))
        canvas.text(
            "advice.drill",
            words("set.drill", drill=words(advice.drill_key)),
            drill,
            level=Level.BODY,
            colour=Role.QUIET.value,
            weight=SEMIBOLD,
        )
    text = words(fitting(advice.key, exercise, words))
    canvas.text("advice", text, rest, level=Level.TITLE, lines=2)


def _tempo(canvas: Canvas, counted: list[Rep]) -> str:
    return canvas.words(
        "summary.tempo",
        down=fmean(rep.tempo.eccentric_s for rep in counted),
        hold=fmean(rep.tempo.pause_s for rep in counted),
        up=fmean(rep.tempo.concentric_s for rep in counted),
    )
