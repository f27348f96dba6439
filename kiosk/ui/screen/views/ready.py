"""Placed well: stands still while the baseline is gathered, then may begin."""

import math

from pygame import Rect, Surface

from kiosk.body.pose import Pose
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import columns, cut_bottom, cut_top, middle
from kiosk.ui.screen.toolkit.motion import Follow
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Colour, Level, Pace, Role, Space, mix
from kiosk.ui.screen.widgets.live_figure import feet_share, mirrored

_ANCHOR_S = 0.5  # a shifting ankle must not make the whole body shiver
_WORDS, _BLOCK, _NAME, _WORD, _BEAD = 34, 30, 5, 11, 2
"""Heights in grid steps."""
_BEADS = 60  # each is drawn by itself, so the ring costs next to nothing
_STEPS = 8  # of light in one bead
# the camera's picture within the ring, in diameters; its corners keep clear of the beads
_WIDE, _TALL = 0.45, 0.78


class ReadyView:
    """A ring of beads that fills around the user while they stand still, and one word: go."""

    def __init__(self) -> None:
        self._stillness = Follow(Pace.SETTLE_S)
        self._centre = Follow(_ANCHOR_S)

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        snapshot = scene.snapshot
        assert snapshot is not None
        theme = canvas.theme
        go = snapshot.stillness >= 1
        beside = any(step.name == "alone" and not step.met for step in snapshot.framing)
        told = "bystander" if beside else "go_line" if go else "line"
        if theme.portrait:
            words, circle = cut_bottom(box, theme.grid(_WORDS), theme.space(Space.GROUP))
        else:
            circle, words = columns(box, (1, 1), theme.space(Space.LARGE))
        name, rest = cut_top(
            middle(words, theme.grid(_BLOCK)), theme.grid(_NAME), theme.space(Space.GAP)
        )
        word, line = cut_top(rest, theme.grid(_WORD), theme.space(Space.GAP))
        canvas.quiet(
            "name",
            canvas.words(f"exercise.{snapshot.exercise}.name"),
            name,
            level=Level.BODY,
        )
        canvas.text(
            "word",
            canvas.words("ready.go" if go else "ready.hold"),
            word,
            level=Level.DISPLAY,
            colour=Role.GOOD.value if go else Role.TEXT.value,
        )
        canvas.text(
            "line",
            canvas.words(f"ready.{told}"),
            line,
            level=Level.BODY,
            colour=Role.TEXT.value if beside else Role.QUIET.value,
            weight=SEMIBOLD,
            lines=2,
        )
        self._circle(scene, circle, canvas)

    def _circle(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        snapshot = scene.snapshot
        assert snapshot is not None
        share = self._stillness.to(min(1.0, snapshot.stillness), scene.now_s)
        # the glide only ever comes near; the last step belongs to the coach
        lit = _BEADS if snapshot.stillness >= 1 else min(share * _BEADS, _BEADS - 0.5)
        size = canvas.theme.grid(_BEAD)
        radius = (min(box.size) - size) / 2
        for number in range(_BEADS):
            angle = 2 * math.pi * number / _BEADS
            bead = Rect(0, 0, size, size)
            bead.center = (
                round(box.centerx + radius * math.sin(angle)),
                round(box.centery - radius * math.cos(angle)),
            )
            light = round(min(1.0, max(0.0, lit - number)) * _STEPS) / _STEPS
            colour = mix(Role.TRACK.value, Role.GOOD.value, light)

            def paint(surface: Surface, colour: Colour = colour) -> None:
                draw.dot(surface, colour, (size / 2, size / 2), size / 2 - 1)

            canvas.place(f"bead.{number}", bead, colour, paint)
        if snapshot.pose is not None:
            centre = round(self._centre.to(feet_share(snapshot.pose), scene.now_s), 2)
            self._body(snapshot.pose, centre, box.center, 2 * radius, canvas)

    @staticmethod
    def _body(
        pose: Pose, feet: float, centre: tuple[int, int], diameter: float, canvas: Canvas
    ) -> None:
        place = Rect(0, 0, round(diameter * _WIDE), round(diameter * _TALL))
        place.center = centre
        figure = mirrored(pose, place.size, feet)

        def paint(surface: Surface) -> None:
            figure.paint(surface)

        canvas.place("figure", place, figure, paint)
