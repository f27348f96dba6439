"""The questions of the first start, answered one by one with three buttons. Pure.

The outer buttons turn a choice round, the middle one takes it, and held it leaves things as they
were. So whoever does not know yet which button is the left one can answer all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Self

from kiosk.settings import Choices, Settings

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


KEYS: Mapping[Step, tuple[str, str]] = {
    Step.LANGUAGE: ("screen", "language"),
    Step.ROTATION: ("screen", "rotate"),
    Step.EDGE: ("panel", "edge"),
    Step.SOUND: ("sound", "volume"),
    Step.UNIT: ("training", "unit"),
}
"""Section and key of each choice."""
REVERSED = ("panel", "reversed")
TURN = ("camera", "rotate")


def options_of(step: Step, languages: tuple[str, ...]) -> tuple[Value, ...]:
    """Lists what can be chosen in a step, in the order of its buttons."""
    return {
        Step.LANGUAGE: languages,
        Step.ROTATION: (0, 90, 180, 270),
        Step.EDGE: ("bottom", "right", "top", "left"),
        Step.SOUND: VOLUMES,
        Step.UNIT: ("kg", "lb"),
        Step.CAMERA: (),
    }[step]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """Where the set-up stands; each answer gives the next one.

    Attributes:
        steps: still to be answered, the one that shows first; none when it is over.
        of: how many there were.
        languages: to choose from.
        values: what each setting is: as it was found, or as it was taken since.
        shown: what the step would choose now, which is tried at once.
        taken: what was chosen, other than what was found.
    """

    steps: tuple[Step, ...]
    of: int
    languages: tuple[str, ...]
    values: Mapping[tuple[str, str], Value]
    shown: Value | None = None
    taken: Choices = field(default_factory=dict)

    @classmethod
    def begin(
        cls, settings: Settings, languages: tuple[str, ...], steps: tuple[Step, ...] = tuple(Step)
    ) -> Self:
        """Begins with the first of the steps, at what the settings say."""
        keys = (*KEYS.values(), REVERSED, TURN)
        values = {(part, key): getattr(getattr(settings, part), key) for part, key in keys}
        began = cls(steps=steps, of=len(steps), languages=languages, values=values)
        return replace(began, shown=began.found)

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

    @property
    def number(self) -> int:
        """Of the step, from 1."""
        return self.of - len(self.steps) + 1

    @property
    def tried(self) -> Choices:
        """What is to be seen and heard now: what was taken, and what the step would choose."""
        if self.key is None or self.shown is None or self.shown == self.found:
            return self.taken
        return {**self.taken, self.key: self.shown}

    def turn(self, by: int) -> Self:
        """Shows the next option, or the one before; the volume ends where it is least and most."""
        options = () if self.step is None else options_of(self.step, self.languages)
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
        return replace(gone_on, shown=gone_on.found)

    def leave(self) -> Self:
        """Leaves all that is still to come as it was found."""
        return replace(self, steps=(), shown=None)

    def _with(self, key: tuple[str, str], value: Value) -> Self:
        if self.values[key] == value:
            return self
        return replace(self, values={**self.values, key: value}, taken={**self.taken, key: value})
