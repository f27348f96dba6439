"""Nobody there: which exercise, how it goes, and where to stand."""

from pygame import Rect

from kiosk.coaching.snapshot import RepPhase
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import columns, cut_bottom, cut_top, rows
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Level, Role, Space
from kiosk.ui.screen.widgets.demonstration import place_demonstration

_NAME, _LINE, _THREE = 13, 5, 12
"""Heights in grid steps."""
_CAPITAL = 0.65
"""Of a row's height: with a dot above and a tail below, letters take 1.4 times a capital."""
# between two reps the last of the three words stays lit
_WORD_OF = {
    RepPhase.ECCENTRIC: 0,
    RepPhase.BOTTOM: 1,
    RepPhase.CONCENTRIC: 2,
    RepPhase.TOP: 2,
}


class WaitingView:
    """The exercise's name, a figure that does it, and three words that light up with it."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        assert scene.snapshot is not None
        theme = canvas.theme
        exercise = exercise_by_id(scene.snapshot.exercise)
        align = Align.CENTRE if theme.portrait else Align.LEFT
        if theme.portrait:
            head, rest = cut_top(
                box, theme.grid(_NAME + _LINE) + theme.space(Space.SMALL), theme.space(Space.GROUP)
            )
            three, figure = cut_bottom(rest, theme.grid(_THREE), theme.space(Space.GROUP))
            cells = columns(three, (1, 1, 1), theme.space(Space.SMALL))
        else:
            figure, right = columns(box, (1, 1), theme.space(Space.LARGE))
            head, three = cut_top(right, right.height // 2, theme.space(Space.SMALL))
            cells = rows(three, (1, 1, 1))
        name, line = rows(head, (_NAME, _LINE), theme.space(Space.SMALL))
        title = canvas.words(f"exercise.{exercise.id}.name")
        canvas.text("name", title, name, level=Level.DISPLAY, align=align, lines=2)
        canvas.text(
            "line",
            canvas.words("waiting.line"),
            line,
            level=Level.BODY,
            colour=Role.GOOD.value,
            weight=SEMIBOLD,
            align=align,
        )
        now = place_demonstration(canvas, "figure", exercise, figure, scene.now_s)
        words = canvas.words.list(f"exercise.{exercise.id}.three")
        for number, (word, cell) in enumerate(zip(words, cells, strict=True)):
            lit = number == _WORD_OF[now.phase]
            canvas.text(
                f"word.{number}",
                word,
                cell,
                level=min(theme.cap_px(Level.TITLE), round(_CAPITAL * cell.height)),
                colour=(Role.TEXT if lit else Role.QUIET).value,
                align=align,
                lines=2,
            )
