"""Draws the worst and the best rep of a set side by side, in slow motion, as they were seen."""

import math
from collections.abc import Sequence

from pygame import Rect, Surface

from kiosk.body.pose import Keypoint
from kiosk.coaching.rep_pair import RepPair, SeenRep
from kiosk.coaching.session import WHOLE
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.draw import Point
from kiosk.ui.screen.toolkit.layout import columns, rows
from kiosk.ui.screen.toolkit.text import BOLD
from kiosk.ui.screen.toolkit.theme import BLACK, Level, Role, Space, mix
from kiosk.ui.screen.widgets.live_figure import KEYPOINTS_OF_CHECK, LiveFigure, build_figure
from kiosk.ui.screen.widgets.rep_marks import RepMark, draw_rep_sign

LEAST, MOST_STEPS = 28, 40
"""Height of the figures with what is written below them, in grid steps."""
SPEED = 0.5
"""Seconds of the rep in a second of the display."""
TIMES = 2
"""Both reps are shown so often, and then stay at the bottom."""
_PICTURES_PER_S = 15  # more could hardly be told apart
_TURN_S = 0.5 / _PICTURES_PER_S
_NUMBER, _SIGN, _TEXT, _BETWEEN = 2.4, 2.4, 2.2, 1.6
_ROOM = 0.085
"""How far the body goes beyond the keypoints, in standing heights."""
_GHOST = mix(Role.GOOD, BLACK, 0.5)
"""The best rep behind the worst: pale, so that the worst stands out."""


def place_pair(canvas: Canvas, pair: RepPair, since_s: float, box: Rect) -> None:
    """Places both reps, `since_s` seconds after they began to be shown.

    Left is the worst, its joint at fault lit, with the best behind it; right is the best. Both are
    at their bottom at the same time. What was not seen is not drawn.
    """
    words, grid = canvas.words, canvas.theme.grid
    # they are drawn in turn, since both in one picture would take too long
    now_s, turn_s = replay_time(pair, since_s), replay_time(pair, since_s + _TURN_S)
    cells = [
        rows(cell, (1.0, grid(_NUMBER), grid(_TEXT)), grid(_BETWEEN))
        for cell in columns(box, [1.0] * len(pair.reps), grid(Space.GAP))
    ]
    size = cells[0][0].size
    worst = _figure(pair, pair.worst, now_s, size, KEYPOINTS_OF_CHECK[pair.check])
    ghost = None if pair.best is None else _figure(pair, pair.best, now_s, size)
    _place_rep(canvas, "worst", pair.worst, cells[0], words(f"summary.check.{pair.check}"))
    canvas.place("figure.worst", cells[0][0], _draw, worst, ghost)
    if pair.best is not None:
        best = _figure(pair, pair.best, turn_s, size)
        _place_rep(canvas, "best", pair.best, cells[1], words("summary.best_rep"))
        canvas.place("figure.best", cells[1][0], _draw, best, None)


def replay_time(pair: RepPair, since_s: float) -> float:
    """Seconds from the bottom that are shown so long after the beginning; at last 0, the bottom."""
    since_s = math.floor(max(0.0, since_s) * _PICTURES_PER_S + 0.01) / _PICTURES_PER_S
    once_s = (pair.to_s - pair.from_s) / SPEED
    if since_s >= TIMES * once_s - pair.from_s / SPEED:
        return 0.0
    return pair.from_s + since_s % once_s * SPEED


def _place_rep(canvas: Canvas, name: str, rep: SeenRep, cells: Sequence[Rect], text: str) -> None:
    """The rep's number behind its mark, both in the middle, and a text below it."""
    _, box, below = cells
    mark, grid = RepMark(rep.grade.value), canvas.theme.grid
    sign_px, gap = grid(_SIGN), grid(Space.TIGHT)
    number = canvas.words("summary.rep", number=rep.number)
    size = (box.width - sign_px - gap, box.height)
    fitted = canvas.type.fit(number, BOLD, canvas.theme.cap_px(Level.CAPTION), size, 1)
    wide = sign_px + gap + canvas.type.letters(number, BOLD, fitted.em_px).advance_px
    sign = Rect(box.centerx - wide // 2, 0, sign_px, sign_px)
    sign.centery = box.centery
    canvas.place(f"pair.{name}.sign", sign, draw_rep_sign, mark)
    beside = Rect(sign.right + gap, box.top, box.right - sign.right - gap, box.height)
    canvas.text(f"pair.{name}.number", number, beside, fitted.cap_px, align=Align.LEFT)
    colour = Role.WARN if mark is RepMark.FAULTY else Role.GOOD
    canvas.label(f"pair.{name}.text", text, below, Level.CAPTION, colour)


def _figure(
    pair: RepPair,
    rep: SeenRep,
    time_s: float,
    size: tuple[int, int],
    lit: tuple[Keypoint, ...] = (),
) -> LiveFigure | None:
    """One rep as a figure, as a mirror shows it; None at a time when it was not seen.

    It has one size for all of both reps.
    """
    spots = rep.at(time_s)
    if spots is None:
        return None
    left, right, low, high = pair.reach
    width, height = size
    scale = min(height / (high - low + 2 * _ROOM), width / (right - left + 2 * _ROOM))
    # right of the picture is left in the mirror
    x = width / 2 + scale * (left + right) / 2
    y = height - scale * (_ROOM - low)
    places = [
        None if spot is None else (x - scale * spot[0], y - scale * spot[1]) for spot in spots
    ]

    def at(*joints: Keypoint) -> Point | None:
        found = [place for joint in joints if (place := places[joint]) is not None]
        if not found or len(found) < len(joints):
            return None
        count = len(found)
        return round(sum([p[0] for p in found]) / count), round(sum([p[1] for p in found]) / count)

    # on the side that is seen better: what is left has odd numbers
    centre = at(*(joint for joint in lit if joint % 2 != rep.near))
    return build_figure(at, rep.near, centre, round(WHOLE * scale))


def _draw(surface: Surface, figure: LiveFigure | None, behind: LiveFigure | None) -> None:
    if behind is not None:
        behind.draw(surface, near=_GHOST, far=_GHOST)
    if figure is not None:
        figure.draw(surface)
