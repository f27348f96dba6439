"""Places the screen for a user who stands well: stand still for the baseline, then begin."""

import math

from pygame import Rect

from kiosk.training.facts import GUEST
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import Area, arrange, centred, middle, rows
from kiosk.ui.screen.toolkit.motion import Follow
from kiosk.ui.screen.toolkit.theme import Level, Pace, Role, Space, mix
from kiosk.ui.screen.widgets.lifter_line import place_lifter_line
from kiosk.ui.screen.widgets.live_figure import feet_position, place_live_figure
from kiosk.ui.training_text import set_line

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
        """Places the ring with the user in it, and the words beside it."""
        snapshot, theme, words = scene.judged, canvas.theme, canvas.words
        go = snapshot.stillness >= 1
        beside = any(step.name == "alone" and not step.met for step in snapshot.framing)
        areas = (Area("left"), Area("right", theme.grid(_WORDS), 1.0))
        circle, message = arrange(theme, box, areas)
        sizes = (theme.grid(_NAME), theme.grid(_WORD), 1.0)
        name, word, line = rows(middle(message, theme.grid(_BLOCK)), sizes, theme.grid(Space.GAP))
        facts = scene.lifting.facts
        parts = [words.name_of(snapshot.exercise)]
        if facts.lifter != GUEST or facts.rest_s is not None:
            parts += filter(None, [set_line(facts, words)])
        text = " · ".join(parts)
        place_lifter_line(canvas, "name", facts.lifter, text, name, Level.BODY, Role.QUIET)
        colour = Role.GOOD if go else Role.TEXT
        canvas.text("word", words("ready.go" if go else "ready.hold"), word, Level.DISPLAY, colour)
        text = words(f"ready.{'bystander' if beside else 'go_line' if go else 'line'}")
        if snapshot.suggested is not None:
            text = words("set.suggested", exercise=words.name_of(snapshot.suggested))
        colour = Role.TEXT if beside or snapshot.suggested is not None else Role.QUIET
        canvas.label("line", text, line, Level.BODY, colour, lines=2)
        self._circle(scene, circle, canvas)

    def _circle(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        snapshot = scene.judged
        share = self._stillness.update(min(1.0, snapshot.stillness), scene.now_s)
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
            canvas.place(f"bead.{number}", bead, draw.full_dot, mix(Role.TRACK, Role.GOOD, light))
        if snapshot.pose is not None:
            centre = self._centre.update(feet_position(snapshot.pose), scene.now_s)
            place = centred(box, round(2 * radius * _WIDE), round(2 * radius * _TALL))
            place_live_figure(canvas, snapshot.pose, round(centre, 2), place)
