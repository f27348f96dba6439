"""Places the screen of a set that is over: count, score, every rep, and one thing to work on."""

from collections.abc import Iterator
from functools import lru_cache, partial

from msgspec.structs import replace
from pygame import Rect, Surface

from kiosk.coaching.record import Grade
from kiosk.coaching.rep_pair import RepPair
from kiosk.coaching.set_summary import Summary
from kiosk.coaching.snapshot import Snapshot
from kiosk.exercises.exercise import CheckRule
from kiosk.training.facts import GUEST
from kiosk.training.visits import Rest
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import Block, centred, columns, middle, rows, stack
from kiosk.ui.screen.toolkit.text import CAP_RATIO, DIGIT_EM
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Level, Role, Space
from kiosk.ui.screen.widgets.lifter_line import place_lifter_line
from kiosk.ui.screen.widgets.pair_figures import LEAST, MOST_STEPS, place_pair
from kiosk.ui.screen.widgets.rep_marks import place_verdict
from kiosk.ui.screen.widgets.rep_strip import MOST, least_steps, place_rep_strip
from kiosk.ui.summary_text import (
    back_line,
    fade_line,
    rests_on_line,
    slower_line,
    takeaway,
    tempo_line,
    unjudged_line,
)
from kiosk.ui.training_text import done_line, load_text, record_line, rest_clock

_TITLE, _LABEL, _LINE, _FIGURES, _FIGURES_MOST, _CLEAN, _UNIT = 5, 2.2, 3, 18, 36, 6, 5.5
_LOAD, _REST = 9, 5
_ADVICE, _ADVICE_DRILL, _CODE, _CODE_MOST = 13.5, 19, 19, 26
"""Heights in grid steps."""
CROSSED_S = 2.0
"""Whoever passes hides the person for less, and no rep is lost. Our default."""
_MOST_RECORDS = 1  # in one line
_WHOSE, _WHY = 6, 9  # ranks of a line that says whose set it is, and of one that does not
_QUIET_ZONE = 4  # modules of light around a QR code, as ISO/IEC 18004 asks
_LEAST_MODULE_PX = 3  # finer ones flicker between the panel's pixels in a phone's picture


def place_summary(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Places what was done: the biggest matters most, and what does not fit stays out."""
    grid = canvas.theme.grid
    done = list(_totals(canvas, scene))
    findings = list(_findings(canvas, scene.judged))
    more = list(_more(canvas, scene))
    if canvas.theme.portrait:
        stack(box, done + findings + more, grid(Space.GROUP))
        return
    left, right = columns(box, (16.0, 15.0), grid(Space.GROUP))  # the rule is long
    stack(left, done + more, grid(Space.GAP))
    stack(right, findings, grid(Space.GAP))


def _totals(canvas: Canvas, scene: Scene) -> Iterator[Block]:
    """What was done: the exercise, the count, the load, the score with its rule, and the rest."""
    grid, words, snapshot = canvas.theme.grid, canvas.words, scene.judged
    facts = scene.lifting.facts
    name = words.name_of(snapshot.exercise)
    yield Block(4, grid(_TITLE), partial(canvas.text, "name", name, level=Level.TITLE))
    yield _place_ended(canvas, scene)
    figures = partial(_place_figures, canvas, snapshot.count, facts.corrected, snapshot.summary)
    yield Block(0, grid(_FIGURES), figures, grow=1, most_px=grid(_FIGURES_MOST))
    if scene.lifting.asks_load or facts.load_kg is not None:
        yield Block(1, grid(_LOAD), partial(_place_load, canvas, scene))
    for number, record in enumerate(scene.lifting.records[:_MOST_RECORDS]):
        text = record_line(record, scene.lifting.unit, words)
        yield _line(canvas, 3, f"record.{number}", text, Level.BODY, Role.GOOD)
    if scene.lifting.rest is not None:
        yield Block(2, grid(_REST), partial(_place_rest, canvas, scene.lifting.rest))
    summary = snapshot.summary
    if summary is not None and summary.score is not None:
        yield _line(canvas, 6, "rule", words("advice.score_rule"), Level.CAPTION)


def _place_ended(canvas: Canvas, scene: Scene) -> Block:
    """Whose set it is and which of how many, and why it is over."""
    words, facts = canvas.words, scene.lifting.facts
    if scene.deleted:
        return _line(canvas, 1, "ended", words("summary.deleted"), Level.BODY, Role.WARN)
    record = scene.judged.current
    ended = None if record is None else record.ended
    parts = [words("summary.title" if ended is None else f"ended.{ended.value}")]
    if record is not None and record.counted:
        parts = [*filter(None, [done_line(facts, words)]), *parts]
    text = " · ".join(parts)
    place = partial(_place_whose, canvas, facts.lifter, text)
    known = facts.lifter != GUEST or facts.set_number is not None
    return Block(_WHOSE if known else _WHY, canvas.theme.grid(_LINE), place)


def _place_whose(canvas: Canvas, lifter: int, text: str, box: Rect) -> None:
    place_lifter_line(canvas, "ended", lifter, text, box, Level.BODY, Role.QUIET)


def _place_load(canvas: Canvas, scene: Scene, box: Rect) -> None:
    """The load, large while it is asked for: the buttons change it."""
    words, lifting = canvas.words, scene.lifting
    weight = words.exercises[scene.judged.exercise].weight
    each = weight is not None and weight.counts == "each"
    label, figure = columns(box, (1.0, 2.0), canvas.theme.grid(Space.GAP))
    text = words("lifter.each" if each else "lifter.load")
    canvas.label("load.label", text, label, Level.BODY, align=Align.RIGHT, lines=2)
    text = load_text(lifting.facts.load_kg, lifting.unit, words)
    colour = Role.GOOD if lifting.asks_load else Role.TEXT
    canvas.text("load", text, figure, Level.DISPLAY, colour, align=Align.LEFT)


def _place_rest(canvas: Canvas, rest: Rest, box: Rect) -> None:
    label, figure = columns(box, (1.0, 2.0), canvas.theme.grid(Space.GAP))
    colour = Role.GOOD if rest.over else Role.TEXT
    text = canvas.words("lifter.rest_over" if rest.over else "lifter.rest")
    canvas.label("rest.label", text, label, Level.BODY, align=Align.RIGHT, lines=2)
    canvas.text("rest", rest_clock(rest), figure, Level.TITLE, colour, align=Align.LEFT)


def _findings(canvas: Canvas, snapshot: Snapshot) -> Iterator[Block]:
    """What was found in it, rep by rep and as a whole."""
    grid, words, summary = canvas.theme.grid, canvas.words, snapshot.summary
    reps = () if snapshot.current is None else snapshot.current.reps
    counted = [rep for rep in reps if rep.counted]
    if not counted:
        yield _line(canvas, 1, "empty", words("summary.empty"), Level.BODY)
        return
    strip = partial(place_rep_strip, canvas, reps)
    yield Block(1, grid(least_steps(reps)), strip, grow=2, most_px=grid(MOST))
    if snapshot.suggested is not None:
        # advice for an exercise that was not done would say the opposite
        text = words("set.suggested", exercise=words.name_of(snapshot.suggested))
        yield Block(2, grid(_CLEAN), partial(canvas.text, "suggested", text, level=Level.TITLE))
    elif summary is not None:
        yield from _whole_set(canvas, snapshot.exercise, summary)
    if summary is None or summary.one_thing is None:
        # with something to work on, the tempo would be one thing too many
        yield _line(canvas, 8, "tempo", tempo_line(counted, words), Level.CAPTION)


def _whole_set(canvas: Canvas, exercise: str, summary: Summary) -> Iterator[Block]:
    yield from _verdict(canvas, exercise, summary)
    yield from _changes(canvas, exercise, summary)
    yield from _limits(canvas, exercise, summary)


def _verdict(canvas: Canvas, exercise: str, summary: Summary) -> Iterator[Block]:
    """What to work on, or that nothing was wrong."""
    grid, words = canvas.theme.grid, canvas.words
    if summary.one_thing is not None:
        place = partial(_place_advice, canvas, summary.one_thing, exercise)
        yield Block(2, grid(_ADVICE_DRILL if summary.one_thing.drill else _ADVICE), place)
    elif summary.grades[Grade.CLEAN] == summary.reps:
        text = words("summary.all_clean")
        place = partial(place_verdict, canvas, "clean", text, good=True, level=Level.TITLE)
        yield Block(2, grid(_CLEAN), place)
    elif not summary.grades[Grade.FAULTY] and summary.grades[Grade.UNJUDGED] < summary.reps:
        # neither green nor a tick: what was not seen may have had a fault
        text = words("summary.no_fault")
        yield Block(2, grid(_CLEAN), partial(canvas.text, "no_fault", text, level=Level.TITLE))


def _changes(canvas: Canvas, exercise: str, summary: Summary) -> Iterator[Block]:
    """What became different towards the end."""
    words = canvas.words
    fade = fade_line(summary.fade, canvas.words.exercises[exercise], words)
    if fade is not None:
        yield _line(canvas, 5, "fade", fade, Level.BODY, Role.TEXT)
    if summary.slower is not None:
        text = slower_line(summary.slower, words, "summary.slowing")
        yield _line(canvas, 5, "slowing", text, Level.BODY, Role.TEXT)


def _limits(canvas: Canvas, exercise: str, summary: Summary) -> Iterator[Block]:
    """What was not seen, and what the back was compared with."""
    grid, words = canvas.theme.grid, canvas.words
    unjudged = unjudged_line(summary, words)
    if unjudged is not None:
        # where most reps are neither clean nor faulty, this line gives the reason
        if summary.mostly_open:
            yield _line(canvas, 3, "unjudged", unjudged, Level.BODY)
        else:
            yield _line(canvas, 7, "unjudged", unjudged, Level.CAPTION)
    if summary.hidden is not None:
        text = words(f"hint.{summary.hidden}")
        label = partial(canvas.label, "hint", text, level=Level.BODY, colour=Role.TEXT, lines=2)
        yield Block(4, grid(2 * _LINE), label)
    back = back_line(summary, canvas.words.exercises[exercise], words)
    if back is not None:
        yield _line(canvas, 8, "back", back, Level.CAPTION)
    if summary.crossed_s >= CROSSED_S:
        text = words("summary.crossed", seconds=round(summary.crossed_s))
        yield _line(canvas, 6, "crossed", text, Level.CAPTION)
    if summary.hands_unseen:
        text = words("summary.hands_unseen", count=summary.hands_unseen)
        yield _line(canvas, 9, "hands", text, Level.CAPTION)


def _line(
    canvas: Canvas, rank: int, name: str, text: str, level: Level, colour: Colour = Role.QUIET
) -> Block:
    place = partial(canvas.label, name, text, level=level, colour=colour)
    return Block(rank, canvas.theme.grid(_LINE), place)


def _place_figures(
    canvas: Canvas, count: int, corrected: int | None, summary: Summary | None, box: Rect
) -> None:
    """The count, and beside it the score in like figures, with what it rests on below.

    A corrected count stands in the place of the one that was counted, which is named below it. The
    score is grey where most reps are open.
    """
    grid, words = canvas.theme.grid, canvas.words
    reps, unit = count, words("set.reps", count=count)
    if corrected is not None:
        reps, unit = corrected, words("lifter.counted", count=count)
    figures = [("count", reps, unit, Role.COUNT)]
    rests_on = None if summary is None else rests_on_line(summary, words)
    if rests_on is not None:
        box, below = rows(box, (1.0, grid(_LINE)), grid(Space.SMALL))
        canvas.label("rests_on", rests_on, below, Level.BODY)
    if summary is not None and summary.score is not None:
        colour = Role.QUIET if summary.mostly_open else Role.COUNT
        figures.append(("score", summary.score, words("summary.score"), colour))
    cells = columns(box, [1.0] * len(figures), grid(Space.GROUP))
    longest = max(len(str(figure)) for _, figure, *_ in figures)
    for (name, figure, unit, colour), cell in zip(figures, cells, strict=True):
        most_px = int(cell.width / (longest * DIGIT_EM) * CAP_RATIO)
        cap_px = min(cell.height - grid(_UNIT), most_px)
        pair = middle(cell, cap_px + grid(_UNIT))
        number, below = rows(pair, (cap_px, 1.0), grid(Space.SMALL))
        canvas.text(name, str(figure), number, cap_px, colour)
        canvas.label(f"{name}.unit", unit, below, Level.BODY)


def _place_advice(canvas: Canvas, rule: CheckRule, exercise: str, box: Rect) -> None:
    grid, words = canvas.theme.grid, canvas.words
    label, rest = rows(box, (grid(_LABEL), 1.0), grid(Space.SMALL))
    canvas.label("advice.label", words("summary.work_on"), label, Level.CAPTION)
    if rule.drill:
        rest, drill = rows(rest, (1.0, grid(_LINE)), grid(Space.GAP))
        text = words("set.drill", drill=words(f"drill.{rule.drill}.name"))
        canvas.label("advice.drill", text, drill, Level.BODY)
    text = words(words.own_key(f"advice.{rule.id}", exercise))
    canvas.text("advice", text, rest, Level.TITLE, lines=2)


def _more(canvas: Canvas, scene: Scene) -> Iterator[Block]:
    """The set as a QR code for a phone, and before it the worst and the best rep."""
    snapshot, grid = scene.judged, canvas.theme.grid
    if snapshot.current is None or snapshot.summary is None or not snapshot.summary.reps:
        return
    facts = scene.lifting.facts
    text = takeaway(
        *(snapshot.current, snapshot.summary, scene.today, canvas.words),
        replace(facts, load_kg=None) if scene.lifting.asks_load else facts,
        scene.lifting.unit,
    )
    if snapshot.pair is not None and scene.pair_from_s is not None:
        since_s = scene.now_s - scene.pair_from_s
        show = partial(_place_pair_and_code, canvas, snapshot.pair, since_s, text)
        yield Block(5, grid(LEAST), show, grow=2, most_px=grid(MOST_STEPS))
        return
    place = partial(_place_code, canvas, text)
    yield Block(7, grid(_CODE), place, grow=1, most_px=grid(_CODE_MOST))


def _place_code(canvas: Canvas, text: str, box: Rect) -> None:
    """The code, as large as whole pixels allow; nothing where the box is too small for the text."""
    sizes = (min(box.height, box.width // 2), 1.0)
    code, beside = columns(box, sizes, canvas.theme.grid(Space.GAP))
    if _fits(text, code):
        _place_modules(canvas, text, code)
        line = canvas.words("summary.take_home")
        canvas.label("code.line", line, beside, Level.BODY, align=Align.LEFT, lines=3)


def _place_pair_and_code(
    canvas: Canvas, pair: RepPair, since_s: float, text: str, box: Rect
) -> None:
    """Both reps, and the code where there is room beside them."""
    grid = canvas.theme.grid
    reps, code = columns(box, (1.0, min(box.height, grid(_CODE))), grid(Space.GAP))
    if _fits(text, code) and code.width < reps.width // 2:
        _place_modules(canvas, text, code)
        box = reps
    place_pair(canvas, pair, since_s, box)


def _fits(text: str, box: Rect) -> bool:
    """Whether a phone could read the code of a text in a box."""
    return min(box.size) // _across(text) >= _LEAST_MODULE_PX


def _across(text: str) -> int:
    """How many modules wide the code of a text is, with its quiet zone."""
    return len(_modules(text)) + 2 * _QUIET_ZONE


def _place_modules(canvas: Canvas, text: str, box: Rect) -> None:
    module_px = min(box.size) // _across(text)
    place = centred(box, _across(text) * module_px, _across(text) * module_px)
    canvas.place("code", place, _draw_code, _modules(text), module_px)


def _draw_code(surface: Surface, modules: tuple[bytes, ...], module_px: int) -> None:
    # dark on light, although the mirror is dark: many phones read no other way round
    surface.fill(Role.TEXT)
    for y, row in enumerate(modules, start=_QUIET_ZONE):
        for x, dark in enumerate(row, start=_QUIET_ZONE):
            if dark:
                surface.fill(BLACK, (x * module_px, y * module_px, module_px, module_px))


@lru_cache(maxsize=2)
def _modules(text: str) -> tuple[bytes, ...]:
    """Rows of the QR code's modules, 1 for dark."""
    # it brings TLS along, which costs each start 20 ms and 3 MB
    import segno  # noqa: PLC0415

    code = segno.make_qr(text, error="l", boost_error=False, encoding="utf-8")
    return tuple(bytes(row) for row in code.matrix)
