"""The questions of the first start, and the operator's settings, answered with three buttons. Pure.

The outer buttons turn a choice round, the middle one takes it, and held it leaves things as they
were. So whoever does not know yet which button is the left one can answer all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Self

from kiosk.settings import Choices, Settings
from kiosk.training.lifters import MOST_PLACES

Value = str | int | float | bool

VOLUMES = tuple(tenths / 10 for tenths in range(11))


class Step(Enum):
    """What is asked, in its order."""

    LANGUAGE = "language"
    ROTATION = "rotation"  # how the panel hangs
    EDGE = "edge"  # where the buttons are, and which of them is the first
    SOUND = "sound"
    UNIT = "unit"
    CAMERA = "camera"  # no choice: somebody stands on the mark and is told what is wrong
    EXERCISE = "exercise"  # with which the mirror starts
    REST = "rest"
    PLACES = "places"
    TAGS = "tags"
    OUTBOX = "outbox"  # whether sets leave the mirror
    RESTART = "restart"  # no choice either
    MENU = "menu"  # which of them


FIRST = (Step.LANGUAGE, Step.ROTATION, Step.EDGE, Step.SOUND, Step.UNIT, Step.CAMERA)
"""What the first start asks."""

KEYS: Mapping[Step, tuple[str, str]] = {
    Step.LANGUAGE: ("screen", "language"),
    Step.ROTATION: ("screen", "rotate"),
    Step.EDGE: ("panel", "edge"),
    Step.SOUND: ("sound", "volume"),
    Step.UNIT: ("training", "unit"),
    Step.EXERCISE: ("coach", "exercise"),
    Step.REST: ("training", "rest"),
    Step.PLACES: ("lifters", "places"),
    Step.TAGS: ("lifters", "tags"),
    Step.OUTBOX: ("outbox", "enabled"),
}
"""Section and key of each choice."""
REVERSED = ("panel", "reversed")
TURN = ("camera", "rotate")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """Where the set-up stands; each answer gives the next one.

    Attributes:
        steps: still to be answered, the one that shows first; none when it is over.
        of: how many there were.
        languages, exercises: to choose from.
        menu: the steps that the operator goes to and comes back from; none at the first start.
        restarts: the operator has asked for the mirror to be started again.
        values: what each setting is: as it was found, or as it was taken since.
        shown: what the step would choose now, which is tried at once.
        taken: what was chosen, other than what was found.
    """

    steps: tuple[Step, ...]
    of: int
    languages: tuple[str, ...]
    exercises: tuple[str, ...] = ()
    menu: tuple[Step, ...] = ()
    restarts: bool = False
    values: Mapping[tuple[str, str], Value]
    shown: Value | None = None
    taken: Choices = field(default_factory=dict)

    @classmethod
    def begin(
        cls, settings: Settings, languages: tuple[str, ...], steps: tuple[Step, ...] = FIRST
    ) -> Self:
        """Begins with the first of the steps, at what the settings say."""
        values = _values(settings)
        began = cls(steps=steps, of=len(steps), languages=languages, values=values)
        return replace(began, shown=began.found)

    @classmethod
    def choose(
        cls, settings: Settings, languages: tuple[str, ...], exercises: tuple[str, ...]
    ) -> Self:
        """Begins with the operator's menu.

        Tags are on it only where there is a reader of them, the outbox only where it has a target.
        """
        values = _values(settings)
        values["coach", "exercise"] = settings.coach.exercise or exercises[0]
        sends = settings.outbox.target or settings.home.broker
        there = {Step.MENU: "", Step.TAGS: settings.lifters.tag_reader, Step.OUTBOX: sends}
        menu = tuple(step for step in Step if there.get(step, step))
        return cls(
            steps=(Step.MENU,),
            of=len(menu),
            languages=languages,
            exercises=exercises,
            menu=menu,
            values=values,
            shown=menu[0].value,
        )

    @property
    def step(self) -> Step | None:
        """What is asked now; None when all is answered."""
        return self.steps[0] if self.steps else None

    @property
    def key(self) -> tuple[str, str] | None:
        """Section and key of what is chosen now; None without a choice."""
        return None if self.step is None else KEYS.get(self.step)

    @property
    def found(self) -> Value | None:
        """What the step would leave; None without a choice."""
        return None if self.key is None else self.values[self.key]

    def value_of(self, step: Step) -> Value | None:
        """What a step would leave; None for one without a choice."""
        return self.values[KEYS[step]] if step in KEYS else None

    @property
    def number(self) -> int:
        """Of the step, from 1; on the menu, of the one that a press leads to."""
        if self.menu:
            at = self.shown if self.step is Step.MENU else self.step
            return self.menu.index(Step(at)) + 1
        return self.of - len(self.steps) + 1

    @property
    def tried(self) -> Choices:
        """What is to be seen and heard now: what was taken, and what the step would choose."""
        if self.key is None or self.shown is None or self.shown == self.found:
            return self.taken
        return {**self.taken, self.key: self.shown}

    @property
    def options(self) -> tuple[Value, ...]:
        """What can be chosen in the step, in the order of its buttons."""
        if self.step is Step.MENU:
            return tuple(step.value for step in self.menu)
        # tags choose between places
        fewest = 1 if self.values[KEYS[Step.TAGS]] else 0
        known: Mapping[Step | None, tuple[Value, ...]] = {
            Step.LANGUAGE: self.languages,
            Step.ROTATION: (0, 90, 180, 270),
            Step.EDGE: ("bottom", "right", "top", "left"),
            Step.SOUND: VOLUMES,
            Step.UNIT: ("kg", "lb"),
            Step.EXERCISE: self.exercises,
            Step.REST: ("down", "up", "off"),
            Step.PLACES: tuple(range(fewest, MOST_PLACES + 1)),
            Step.OUTBOX: (False, True),
            Step.TAGS: (False, True) if self.values[KEYS[Step.PLACES]] else (False,),
        }
        return known.get(self.step, ())

    def turn(self, by: int) -> Self:
        """Shows the next option, or the one before; the volume ends where it is least and most."""
        options = self.options
        if not options:
            return self
        if self.step is Step.SOUND:
            assert isinstance(self.shown, int | float)
            at = round(self.shown * 10) + by
            return replace(self, shown=options[min(max(at, 0), len(options) - 1)])
        # one that was written by hand and is none of them leads to the first
        at = options.index(self.shown) + by if self.shown in options else 0
        return replace(self, shown=options[at % len(options)])

    def take(self) -> Self:
        """Chooses what shows, and goes on."""
        if self.step is Step.MENU:
            opened = replace(self, steps=(Step(self.shown), Step.MENU))
            return replace(opened, shown=opened.found)
        if self.step is Step.RESTART:
            return replace(self.leave(), restarts=True)
        if self.key is None or self.shown is None:
            return self.skip()
        return self._with(self.key, self.shown).skip()

    def take_edge(self, *, reversed_: bool) -> Self:
        """Chooses the edge that shows, where the first button was pressed.

        Args:
            reversed_: that was the one which is wired as the last.
        """
        flipped = bool(self.values[REVERSED]) != reversed_
        return self._with(REVERSED, flipped).take() if self.step is Step.EDGE else self

    def turn_camera(self) -> Self:
        """Turns the camera's picture by a quarter; whoever shows it has to open the camera anew."""
        degrees = self.values[TURN]
        assert isinstance(degrees, int)
        return self._with(TURN, (degrees + 90) % 360) if self.step is Step.CAMERA else self

    def skip(self) -> Self:
        """Leaves this step as it was found, and goes on."""
        gone_on = replace(self, steps=self.steps[1:])
        if gone_on.step is Step.MENU and self.step is not None:
            return replace(gone_on, shown=self.step.value)
        return replace(gone_on, shown=gone_on.found)

    def leave(self) -> Self:
        """Leaves all that is still to come as it was found."""
        return replace(self, steps=(), shown=None)

    def _with(self, key: tuple[str, str], value: Value) -> Self:
        if self.values[key] == value:
            return self
        return replace(self, values={**self.values, key: value}, taken={**self.taken, key: value})


def _values(settings: Settings) -> dict[tuple[str, str], Value]:
    keys = (*KEYS.values(), REVERSED, TURN)
    return {(part, key): getattr(getattr(settings, part), key) for part, key in keys}
