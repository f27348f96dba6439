"""What there is to know of an exercise: muscles, steps, mistakes, drills, questions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pygame import Rect, Surface

from kiosk.coaching.cues import text_key_for
from kiosk.coaching.snapshot import RepPhase
from kiosk.coaching.stroke import Moment
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.exercise import Exercise
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas, paint_letters
from kiosk.ui.screen.toolkit.layout import columns, cut_bottom, cut_left, cut_top, rows
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Level, Role, Space
from kiosk.ui.screen.widgets.demonstration import place_demonstration
from kiosk.ui.screen.widgets.signed_text import place_fault, place_good

_NAME, _TITLE, _FOOT, _ROW, _HEAD, _ANSWER = 4, 9, 4, 9, 7, 22
"""Heights in grid steps."""
_BADGE = 6  # grid steps
_PICTURE = 0.52  # of the height, or of the width on a wide screen
_SET_UP = 1 / 3  # of the way down is still the start
_START = 2
_STEP_OF: Mapping[RepPhase, int] = {
    RepPhase.TOP: 1,
    RepPhase.ECCENTRIC: 3,
    RepPhase.BOTTOM: 3,
    RepPhase.CONCENTRIC: 4,
}
"""Which of the four steps a part of the rep belongs to."""
_NUMBER = 0.4  # capital height in sizes of its badge
QUESTIONS = ("learn", "back", "often", "squat")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf: its kind, and the check or drill that it is about."""

    kind: str
    about: str = ""


def learn_leaves(exercise: Exercise) -> tuple[Leaf, ...]:
    """The leaves of an exercise, in their order."""
    drills = dict.fromkeys(rule.drill for rule in exercise.checks if rule.drill)
    return (
        Leaf("muscles"),
        Leaf("steps"),
        *(Leaf("mistake", check) for check in exercise.form.mistakes),
        *(Leaf("drill", drill) for drill in drills),
        Leaf("questions"),
    )


class LearnView:
    """One leaf at a time, most of it a figure that moves."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        assert scene.snapshot is not None
        theme = canvas.theme
        exercise = exercise_by_id(scene.snapshot.exercise)
        leaves = learn_leaves(exercise)
        leaf = leaves[scene.leaf % len(leaves)]
        foot, rest = cut_bottom(box, theme.grid(_FOOT), theme.space(Space.TIGHT))
        name, page = cut_top(rest, theme.grid(_NAME), theme.space(Space.SMALL))
        canvas.quiet("name", canvas.words(f"exercise.{exercise.id}.name"), name, level=Level.BODY)
        number = canvas.words("history.page", page=scene.leaf % len(leaves) + 1, pages=len(leaves))
        canvas.quiet("page", number, foot, level=Level.CAPTION)
        _LEAVES[leaf.kind](canvas, exercise, leaf.about, page, scene.now_s)


def _split(canvas: Canvas, box: Rect, title: str) -> tuple[Rect, Rect]:
    """Title on top; then the picture, and the room for words below or beside it."""
    theme = canvas.theme
    head, rest = cut_top(box, theme.grid(_TITLE), theme.space(Space.GROUP))
    canvas.text("title", title, head, level=Level.DISPLAY, lines=2)
    if theme.portrait:
        return cut_top(rest, round(rest.height * _PICTURE), theme.space(Space.GROUP))
    return cut_left(rest, round(rest.width * _PICTURE), theme.space(Space.GROUP))


def _muscles(canvas: Canvas, exercise: Exercise, _: str, box: Rect, now_s: float) -> None:
    words = canvas.words
    figure, listed = _split(canvas, box, words("learn.muscles"))
    place_demonstration(canvas, "figure", exercise, figure, now_s, muscles=True)
    texts = [
        (words(f"muscle.{muscle}.name"), words(f"muscle.{muscle}.job"))
        for muscle in exercise.form.muscles
    ]
    cells = rows(listed, [1] * len(texts), canvas.theme.space(Space.TIGHT))
    for number, ((name, job), cell) in enumerate(zip(texts, cells, strict=True), start=1):
        badge, text = _numbered(canvas, cell)
        _place_badge(canvas, number, badge, lit=True)
        above, below = rows(text, (1, 1), canvas.theme.space(Space.TIGHT))
        _line(canvas, f"muscle.{number}", name, above, Level.BODY, lines=1)
        _line(canvas, f"muscle.{number}.job", job, below, Level.CAPTION, quiet=True, lines=1)


def _steps(canvas: Canvas, exercise: Exercise, _: str, box: Rect, now_s: float) -> None:
    figure, listed = _split(canvas, box, canvas.words("learn.steps"))
    now = place_demonstration(canvas, "figure", exercise, figure, now_s)
    steps = canvas.words.list(f"exercise.{exercise.id}.steps")
    cells = rows(listed, [1] * len(steps), canvas.theme.space(Space.TIGHT))
    for number, (step, cell) in enumerate(zip(steps, cells, strict=True), start=1):
        badge, text = _numbered(canvas, cell)
        lit = number == _step_of(now)
        _place_badge(canvas, number, badge, lit=lit)
        _line(canvas, f"step.{number}", step, text, Level.BODY, quiet=not lit)


def _step_of(now: Moment) -> int:
    """Set up, start, lower, return."""
    if now.phase is RepPhase.ECCENTRIC and now.share < _SET_UP:
        return _START
    return _STEP_OF[now.phase]


def _mistake(canvas: Canvas, exercise: Exercise, check: str, box: Rect, now_s: float) -> None:
    theme, words = canvas.theme, canvas.words

    def told(section: str) -> str:
        return words(text_key_for(f"{section}.{check}", exercise.id, words))

    if theme.portrait:
        head, rest = cut_top(box, theme.grid(_TITLE), theme.space(Space.GROUP))
        answer, pair = cut_bottom(rest, theme.grid(_ANSWER), theme.space(Space.GROUP))
    else:
        pair, beside_it = columns(box, (3, 2), theme.space(Space.LARGE))
        head, answer = rows(beside_it, (1, 2), theme.space(Space.GROUP))
    canvas.text("title", told("mistake"), head, level=Level.DISPLAY, lines=2)
    right, wrong = columns(pair, (1, 1), theme.space(Space.GROUP))
    for cell, name, mistake, beside in (
        (right, "right", None, check),
        (wrong, "wrong", check, None),
    ):
        sign, figure = cut_top(cell, theme.grid(_HEAD), theme.space(Space.SMALL))
        place = place_fault if mistake else place_good
        place(canvas, name, words(f"learn.{name}"), sign, level=Level.BODY)
        place_demonstration(
            canvas, f"figure.{name}", exercise, figure, now_s, mistake=mistake, beside=beside
        )
    advice, drill = rows(answer, (3, 1), theme.space(Space.SMALL))
    canvas.text("advice", told("advice"), advice, level=Level.TITLE, lines=4)
    offered = next((rule.drill for rule in exercise.checks if rule.id == check and rule.drill), "")
    if offered:
        text = words("set.drill", drill=words(f"drill.{offered}.name"))
        canvas.quiet("drill", text, drill, level=Level.BODY)


def _drill(canvas: Canvas, _: Exercise, drill: str, box: Rect, now_s: float) -> None:
    words = canvas.words
    figure, listed = _split(canvas, box, words(f"drill.{drill}.name"))
    place_demonstration(canvas, "figure", exercise_by_id(drill), figure, now_s)
    line, steps = cut_top(listed, canvas.theme.grid(_HEAD + _NAME), canvas.theme.space(Space.GAP))
    canvas.text(
        "line",
        words(f"drill.{drill}.line"),
        line,
        level=Level.BODY,
        colour=Role.GOOD.value,
        lines=2,
    )
    texts = words.list(f"exercise.{drill}.steps")
    for number, (text, cell) in enumerate(
        zip(texts, rows(steps, [1] * len(texts), canvas.theme.space(Space.TIGHT)), strict=True),
        start=1,
    ):
        badge, room = _numbered(canvas, cell)
        _place_badge(canvas, number, badge, lit=False)
        _line(canvas, f"step.{number}", text, room, Level.BODY)


def _questions(canvas: Canvas, _: Exercise, __: str, box: Rect, ___: float) -> None:
    theme, words = canvas.theme, canvas.words
    head, rest = cut_top(box, theme.grid(_TITLE), theme.space(Space.GROUP))
    canvas.text("title", words("learn.questions"), head, level=Level.DISPLAY)
    if theme.portrait:
        cells = rows(rest, [1] * len(QUESTIONS), theme.space(Space.GROUP))
    else:
        cells = [
            cell
            for row in rows(rest, (1, 1), theme.space(Space.GROUP))
            for cell in columns(row, (1, 1), theme.space(Space.LARGE))
        ]
    for question, cell in zip(QUESTIONS, cells, strict=True):
        ask, answer = rows(cell, (2, 3), theme.space(Space.SMALL))
        canvas.text(
            f"ask.{question}",
            words(f"question.{question}.ask"),
            ask,
            level=Level.BODY,
            align=Align.LEFT,
            lines=2,
        )
        canvas.quiet(
            f"answer.{question}",
            words(f"question.{question}.answer"),
            answer,
            level=Level.BODY,
            align=Align.LEFT,
            lines=3,
        )


def _numbered(canvas: Canvas, cell: Rect) -> tuple[Rect, Rect]:
    """Room for a number, and for what it counts."""
    size = min(cell.height, canvas.theme.grid(_BADGE))
    badge, text = cut_left(cell, size, canvas.theme.space(Space.GAP))
    return Rect(badge.left, badge.centery - size // 2, size, size), text


def _place_badge(canvas: Canvas, number: int, box: Rect, *, lit: bool) -> None:
    letters = canvas.lettering(str(number), SEMIBOLD, round(box.height * _NUMBER))
    colour = (Role.GOOD if lit else Role.QUIET).value

    def paint(surface: Surface) -> None:
        centre = surface.get_width() / 2, surface.get_height() / 2
        draw.circle(surface, colour, centre, centre[0] - 1, max(2, centre[0] / 8))
        paint_letters(surface, letters, colour, centre)

    canvas.place(f"badge.{number}", box, (number, lit), paint)


def _line(
    canvas: Canvas,
    name: str,
    text: str,
    box: Rect,
    level: Level,
    *,
    quiet: bool = False,
    lines: int = 2,
) -> None:
    canvas.text(
        name,
        text,
        box,
        level=level,
        colour=(Role.QUIET if quiet else Role.TEXT).value,
        weight=SEMIBOLD,
        align=Align.LEFT,
        lines=lines,
    )


_LEAVES: Mapping[str, Callable[[Canvas, Exercise, str, Rect, float], None]] = {
    "muscles": _muscles,
    "steps": _steps,
    "mistake": _mistake,
    "drill": _drill,
    "questions": _questions,
}
