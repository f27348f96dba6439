"""Places the lessons on an exercise: muscles, steps, mistakes, drills, questions."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pygame import Rect, Surface

from kiosk.coaching.snapshot import RepPhase
from kiosk.coaching.stroke import Moment
from kiosk.exercises.exercise import Exercise
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas, draw_letters
from kiosk.ui.screen.toolkit.layout import Area, arrange, columns, rows, sign_beside
from kiosk.ui.screen.toolkit.text import SEMIBOLD, Letters
from kiosk.ui.screen.toolkit.theme import Colour, Level, Role, Space
from kiosk.ui.screen.widgets.demonstration import place_demonstration
from kiosk.ui.screen.widgets.rep_marks import place_verdict

_NAME, _TITLE, _FOOT, _HEAD, _ANSWER = 4, 9, 4, 7, 22
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
QUESTIONS = ("learn", "back", "often", "knees")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One subpage: its kind, and the check or drill that it is about."""

    kind: str
    about: str = ""


def lessons(exercise: Exercise) -> tuple[Lesson, ...]:
    """The lessons on an exercise, in their order."""
    drills = dict.fromkeys(rule.drill for rule in exercise.checks if rule.drill)
    return (
        Lesson("muscles"),
        Lesson("steps"),
        *(Lesson("mistake", check) for check in exercise.appearance.mistakes),
        *(Lesson("drill", drill) for drill in drills),
        Lesson("questions"),
    )


def place_learn(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Places one lesson, most of it a figure that moves."""
    grid, words = canvas.theme.grid, canvas.words
    exercise = canvas.words.exercises[scene.judged.exercise]
    listed = lessons(exercise)
    number = scene.subpage % len(listed)
    rest, foot = rows(box, (1.0, grid(_FOOT)), grid(Space.TIGHT))
    name, page = rows(rest, (grid(_NAME), 1.0), grid(Space.SMALL))
    canvas.label("name", words.name_of(exercise.id), name, Level.BODY)
    text = words("history.page", page=number + 1, pages=len(listed))
    canvas.label("page", text, foot, Level.CAPTION)
    lesson = listed[number]
    _LESSONS[lesson.kind](canvas, exercise, lesson.about, page, scene.now_s)


def _split(canvas: Canvas, box: Rect, title: str) -> list[Rect]:
    """Title on top; then the picture, and the box for words below or beside it."""
    theme = canvas.theme
    head, rest = rows(box, (theme.grid(_TITLE), 1.0), theme.grid(Space.GROUP))
    canvas.text("title", title, head, Level.DISPLAY, lines=2)
    areas = (Area("left", round(rest.height * _PICTURE), 1.0), Area("right"))
    widths = (round(rest.width * _PICTURE), 1.0)
    return arrange(theme, rest, areas, beside=Space.GROUP, widths=widths)


def _muscles(canvas: Canvas, exercise: Exercise, _: str, box: Rect, now_s: float) -> None:
    words = canvas.words
    figure, listed = _split(canvas, box, words("learn.muscles"))
    place_demonstration(canvas, "figure", exercise, figure, now_s, muscles=True)
    muscles = exercise.appearance.muscles
    for number, muscle, text in _numbered(canvas, listed, muscles, range(len(muscles) + 1)):
        name, job = rows(text, (1.0, 1.0), canvas.theme.grid(Space.TIGHT))
        title = words(f"muscle.{muscle}.name")
        canvas.label(f"muscle.{number}", title, name, Level.BODY, Role.TEXT, align=Align.LEFT)
        line = words(f"muscle.{muscle}.job")
        canvas.label(f"muscle.{number}.job", line, job, Level.CAPTION, align=Align.LEFT)


def _steps(canvas: Canvas, exercise: Exercise, _: str, box: Rect, now_s: float) -> None:
    figure, listed = _split(canvas, box, canvas.words("learn.steps"))
    now = place_demonstration(canvas, "figure", exercise, figure, now_s)
    _place_steps(canvas, exercise.id, listed, lit=step_of(now))


def step_of(now: Moment) -> int:
    """Number of the step that a moment belongs to: set up, start, lower, return."""
    if now.phase is RepPhase.ECCENTRIC and now.share < _SET_UP:
        return _START
    return _STEP_OF[now.phase]


def _mistake(canvas: Canvas, exercise: Exercise, check: str, box: Rect, now_s: float) -> None:
    theme, words = canvas.theme, canvas.words
    gap, tight = theme.grid(Space.GROUP), theme.grid(Space.SMALL)
    areas = (
        Area("right", theme.grid(_TITLE), 1.0),
        Area("left"),
        Area("right", theme.grid(_ANSWER), 2.0),
    )
    head, pair, answer = arrange(theme, box, areas, widths=(3.0, 2.0))
    title, advice = (
        words(words.own_key(f"{section}.{check}", exercise.id)) for section in ("mistake", "advice")
    )
    canvas.text("title", title, head, Level.DISPLAY, lines=2)
    right, wrong = columns(pair, (1.0, 1.0), gap)
    for name, cell, mistake, beside in (
        ("right", right, None, check),
        ("wrong", wrong, check, None),
    ):
        sign, figure = rows(cell, (theme.grid(_HEAD), 1.0), tight)
        text = words(f"learn.{name}")
        place_verdict(canvas, name, text, sign, good=mistake is None, level=Level.BODY)
        place_demonstration(
            canvas, f"figure.{name}", exercise, figure, now_s, mistake=mistake, beside=beside
        )
    line, drill = rows(answer, (3.0, 1.0), tight)
    canvas.text("advice", advice, line, Level.TITLE, lines=4)
    offered = next((rule.drill for rule in exercise.checks if rule.id == check and rule.drill), "")
    if offered:
        text = words("set.drill", drill=words(f"drill.{offered}.name"))
        canvas.label("drill", text, drill, Level.BODY)


def _drill(canvas: Canvas, _: Exercise, drill: str, box: Rect, now_s: float) -> None:
    grid, words = canvas.theme.grid, canvas.words
    figure, listed = _split(canvas, box, words(f"drill.{drill}.name"))
    place_demonstration(canvas, "figure", canvas.words.exercises[drill], figure, now_s)
    line, steps = rows(listed, (grid(_HEAD + _NAME), 1.0), grid(Space.GAP))
    canvas.text("line", words(f"drill.{drill}.line"), line, Level.BODY, Role.GOOD, lines=2)
    _place_steps(canvas, drill, steps)


def _questions(canvas: Canvas, _: Exercise, __: str, box: Rect, ___: float) -> None:
    theme, words = canvas.theme, canvas.words
    head, rest = rows(box, (theme.grid(_TITLE), 1.0), theme.grid(Space.GROUP))
    canvas.text("title", words("learn.questions"), head, Level.DISPLAY)
    areas = (Area("left"), Area("right"), Area("left"), Area("right"))
    for question, cell in zip(QUESTIONS, arrange(theme, rest, areas), strict=True):
        ask, answer = rows(cell, (2.0, 3.0), theme.grid(Space.SMALL))
        text = words(f"question.{question}.ask")
        canvas.text(f"ask.{question}", text, ask, Level.BODY, align=Align.LEFT, lines=2)
        text = words(f"question.{question}.answer")
        canvas.label(f"answer.{question}", text, answer, Level.BODY, align=Align.LEFT, lines=3)


def _place_steps(canvas: Canvas, exercise: str, box: Rect, lit: int | None = None) -> None:
    """The numbered steps of an exercise; where one of them is lit, the others are quiet."""
    steps = canvas.words.list(f"exercise.{exercise}.steps")
    for number, step, cell in _numbered(canvas, box, steps, () if lit is None else (lit,)):
        colour = Role.TEXT if lit in (None, number) else Role.QUIET
        name = f"step.{number}"
        canvas.label(name, step, cell, Level.BODY, colour, align=Align.LEFT, lines=2)


def _numbered(
    canvas: Canvas, box: Rect, things: Sequence[str], lit: Container[int]
) -> Iterator[tuple[int, str, Rect]]:
    """Places a number before each thing, some of them lit: (number, thing, box for the thing)."""
    grid = canvas.theme.grid
    cells = rows(box, [1.0] * len(things), grid(Space.TIGHT))
    for number, (thing, cell) in enumerate(zip(things, cells, strict=True), start=1):
        badge, text = sign_beside(cell, min(cell.height, grid(_BADGE)), grid(Space.GAP))
        letters = canvas.lettering(str(number), SEMIBOLD, round(badge.height * _NUMBER))
        colour = Role.GOOD if number in lit else Role.QUIET
        canvas.place(f"badge.{number}", badge, _draw_badge, letters, colour)
        yield number, thing, text


def _draw_badge(surface: Surface, letters: Letters, colour: Colour) -> None:
    centre = surface.get_width() / 2, surface.get_height() / 2
    draw.circle(surface, colour, centre, centre[0] - 1, max(2, centre[0] / 8))
    draw_letters(surface, letters, colour, centre)


_LESSONS: Mapping[str, Callable[[Canvas, Exercise, str, Rect, float], None]] = {
    "muscles": _muscles,
    "steps": _steps,
    "mistake": _mistake,
    "drill": _drill,
    "questions": _questions,
}
