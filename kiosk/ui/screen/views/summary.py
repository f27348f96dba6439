"""The set that is over: reps and score, each rep's depth and mark, and one thing to work on."""

from collections.abc import Iterator
from functools import partial
from statistics import fmean

from pygame import Rect

from kiosk.coaching.cues import text_key_for
from kiosk.coaching.record import Rep
from kiosk.coaching.snapshot import Snapshot
from kiosk.coaching.summary import SCORE_RULE, Advice, Summary
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import columns, cut_bottom, cut_left, cut_top, middle
from kiosk.ui.screen.toolkit.stack import Block, stack
from kiosk.ui.screen.toolkit.text import CAP_RATIO, SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Level, Role, Space
from kiosk.ui.screen.widgets.qr_code import place_code
from kiosk.ui.screen.widgets.rep_strip import LEAST, MOST, place_strip
from kiosk.ui.screen.widgets.signed_text import place_good
from kiosk.ui.summary_text import fade_line, unjudged_line
from kiosk.ui.takeaway import takeaway

_DIGIT_EM = 0.53
_TITLE, _LABEL, _LINE, _FIGURES, _FIGURES_MOST, _CLEAN, _UNIT = 5, 2.2, 3, 16, 36, 6, 5.5
_ADVICE, _ADVICE_DRILL, _CODE, _CODE_MOST = 13.5, 19, 19, 26
"""Heights in grid steps."""


class SummaryView:
    """What was done, in one look: the biggest matters most, and what does not fit stays out."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        snapshot = scene.snapshot
        assert snapshot is not None
        theme = canvas.theme
        done, told = list(_done(canvas, snapshot)), list(_told(canvas, snapshot))
        home = list(_home(canvas, scene))
        if theme.portrait:
            stack(box, done + told + home, theme.space(Space.GROUP))
        else:
            left, right = columns(box, (16, 15), theme.space(Space.GROUP))  # the rule is long
            stack(left, done + home, theme.space(Space.GAP))
            stack(right, told, theme.space(Space.GAP))


def _home(canvas: Canvas, scene: Scene) -> Iterator[Block]:
    """The set as a code for a phone."""
    snapshot = scene.snapshot
    assert snapshot is not None
    if snapshot.current is None or snapshot.summary is None or not snapshot.summary.reps:
        return
    text = takeaway(snapshot.current, snapshot.summary, scene.today, canvas.words)
    place = partial(_place_home, canvas, text)
    yield Block(7, canvas.theme.grid(_CODE), place, grow=1, most_px=canvas.theme.grid(_CODE_MOST))


def _place_home(canvas: Canvas, text: str, box: Rect) -> None:
    code, beside = cut_left(box, min(box.height, box.width // 2), canvas.theme.space(Space.GAP))
    if place_code(canvas, "code", text, code):
        canvas.quiet(
            "code.line",
            canvas.words("summary.take_home"),
            beside,
            level=Level.BODY,
            align=Align.LEFT,
            lines=3,
        )


def _done(canvas: Canvas, snapshot: Snapshot) -> Iterator[Block]:
    """What was done: the exercise, the count, and the score with its rule."""
    grid, words = canvas.theme.grid, canvas.words
    name = words(f"exercise.{snapshot.exercise}.name")
    yield Block(4, grid(_TITLE), partial(canvas.text, "name", name, level=Level.TITLE))
    record = snapshot.current
    ended = None if record is None else record.ended
    key = "summary.title" if ended is None else f"ended.{ended.value}"
    yield _line(canvas, 9, "ended", words(key), Level.CAPTION)
    score = None if snapshot.summary is None else snapshot.summary.score
    figures = partial(_place_figures, canvas, snapshot.count, score)
    yield Block(0, grid(_FIGURES), figures, grow=1, most_px=grid(_FIGURES_MOST))
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
        tall = _ADVICE_DRILL if summary.one_thing.drill else _ADVICE
        yield Block(2, grid(tall), place)
    elif summary.clean_reps == summary.reps:
        text = words("summary.all_clean")
        yield Block(2, grid(_CLEAN), partial(place_good, canvas, "clean", text, level=Level.TITLE))
    fade = fade_line(summary.fade, exercise, words)
    if fade is not None:
        yield Block(
            5,
            grid(_LINE),
            partial(canvas.text, "fade", fade, level=Level.BODY, weight=SEMIBOLD),
        )
    unjudged = unjudged_line(summary, words)
    if unjudged is not None:
        # without a score this line says why
        if summary.score is None:
            yield _line(canvas, 3, "unjudged", unjudged, Level.BODY)
        else:
            yield _line(canvas, 7, "unjudged", unjudged, Level.CAPTION)


def _line(canvas: Canvas, rank: int, name: str, text: str, level: Level) -> Block:
    """One quiet line."""
    place = partial(canvas.quiet, name, text, level=level)
    return Block(rank, canvas.theme.grid(_LINE), place)


def _place_figures(canvas: Canvas, count: int, score: int | None, box: Rect) -> None:
    """The count, and beside it the score in figures of the same size."""
    words = canvas.words
    figures = [("count", count, words("set.reps", count=count))]
    if score is not None:
        figures.append(("score", score, words("summary.score")))
    cells = columns(box, [1] * len(figures), canvas.theme.space(Space.GROUP))
    longest = max(len(str(figure)) for _, figure, _ in figures)
    for (name, figure, unit), cell in zip(figures, cells, strict=True):
        most_px = int(cell.width / (longest * _DIGIT_EM) * CAP_RATIO)
        cap_px = min(cell.height - canvas.theme.grid(_UNIT), most_px)
        pair = middle(cell, cap_px + canvas.theme.grid(_UNIT))
        number, below = cut_top(pair, cap_px, canvas.theme.space(Space.SMALL))
        canvas.text(name, str(figure), number, level=cap_px, colour=Role.COUNT.value)
        canvas.quiet(
            f"{name}.unit",
            unit,
            below,
            level=Level.BODY,
        )


def _place_advice(canvas: Canvas, advice: Advice, exercise: str, box: Rect) -> None:
    theme, words = canvas.theme, canvas.words
    label, rest = cut_top(box, theme.grid(_LABEL), theme.space(Space.SMALL))
    canvas.quiet(
        "advice.label",
        words("summary.work_on"),
        label,
        level=Level.CAPTION,
    )
    if advice.drill_key is not None:
        drill, rest = cut_bottom(rest, theme.grid(_LINE), theme.space(Space.GAP))
        canvas.quiet(
            "advice.drill",
            words("set.drill", drill=words(advice.drill_key)),
            drill,
            level=Level.BODY,
        )
    text = words(text_key_for(advice.key, exercise, words))
    canvas.text("advice", text, rest, level=Level.TITLE, lines=2)


def _tempo(canvas: Canvas, counted: list[Rep]) -> str:
    return canvas.words(
        "summary.tempo",
        down=fmean(rep.tempo.eccentric_s for rep in counted),
        hold=fmean(rep.tempo.pause_s for rep in counted),
        up=fmean(rep.tempo.concentric_s for rep in counted),
    )
