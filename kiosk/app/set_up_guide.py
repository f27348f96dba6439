"""Leads through the set-up: answers its buttons, keeps what was chosen, heeds the camera check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from kiosk.coaching.camera_check import Finding
from kiosk.settings import Choices, Settings
from kiosk.ui.screen.scene import Action
from kiosk.ui.set_up_steps import KEYS, REVERSED, TURN, SetUp, Step
from kiosk.ui.words.words import languages

LIVE = frozenset({KEYS[step] for step in (Step.ROTATION, Step.EDGE, Step.SOUND)} | {REVERSED})
"""What a running mirror changes to at once; for any other choice its parts are made anew."""
GREEN_S = 4.0
"""A camera that is well is shown to be for so long, then the set-up is over: whoever stands on the
mark is out of reach of the buttons."""

ANSWERS: Mapping[Action, Callable[[SetUp], SetUp]] = {
    Action.PREVIOUS_CHOICE: lambda state: state.turn(-1),
    Action.NEXT_CHOICE: lambda state: state.turn(1),
    Action.SOFTER: lambda state: state.turn(-1),
    Action.STRONGER: lambda state: state.turn(1),
    Action.NEXT_EDGE: lambda state: state.turn(1),
    Action.TAKE_CHOICE: SetUp.take,
    Action.SKIP_STEP: SetUp.skip,
    Action.FIRST_BUTTON: partial(SetUp.take_edge, reversed_=False),
    Action.LAST_BUTTON: partial(SetUp.take_edge, reversed_=True),
    Action.TURN_CAMERA: SetUp.turn_camera,
}


@dataclass(frozen=True, slots=True)
class Rebuild:
    """The parts of the mirror are to be made anew.

    Attributes:
        settings: of the next ones.
        set_up: where the set-up goes on; None when it is over.
        restarts: the settings are to be read anew, as at every start.
    """

    settings: Settings
    set_up: SetUp | None = None
    restarts: bool = False


class SetUpGuide:
    """Holds the set-up while its page shows. Belongs to the main loop.

    Args:
        settings: of this installation.
        exercises: ids of those that the mirror may start with.
        keep: takes all that was chosen, each time that it has become more, and at the end.
        state: where an earlier mirror has left it; None begins when it is asked to.

    Attributes:
        state: where it stands; None while nobody sets anything up.
        finding: what the camera check found last; None in the other steps.
        shines: whether the screen is white for that check.
    """

    def __init__(
        self,
        settings: Settings,
        exercises: tuple[str, ...],
        keep: Callable[[Choices], None],
        state: SetUp | None = None,
    ) -> None:
        self.state = state
        self.finding: Finding | None = None
        self.shines = False
        self._settings, self._exercises = settings, exercises
        self._restarts = False
        self._keep = keep
        self._kept: Choices = {} if state is None else state.taken
        self._good_s: float | None = None

    @property
    def step(self) -> Step | None:
        """What is asked; None while nothing is."""
        return None if self.state is None else self.state.step

    @property
    def tried(self) -> Choices:
        """What is to be seen and heard instead of what the settings say."""
        return self._kept if self.state is None else self.state.tried

    def begin(self) -> None:
        """Begins with the operator's menu, at what is so now."""
        settings = self._settings.with_choices(self._kept)
        self.state = SetUp.choose(settings, languages(), self._exercises)

    def keep_volume(self, volume: float) -> None:
        """Keeps a volume that was set beside the menu."""
        self._kept = {**self._kept, KEYS[Step.SOUND]: volume}
        self._keep(self._kept)

    def answer(self, action: Action) -> None:
        """Does what a button says."""
        if self.state is not None:
            self._go_on(ANSWERS[action](self.state))

    def leave(self) -> None:
        """Ends it, with what was chosen so far."""
        if self.state is not None:
            self._go_on(self.state.leave())

    def postpone(self) -> None:
        """Ends it because nobody answers: the next start asks again."""
        self.state = None

    def check_camera(self, finding: Finding | None, now_s: float, *, shines: bool = False) -> None:
        """Takes what the camera check finds; one that stays good ends the step."""
        self.shines = shines
        if self.state is None or self.step is not Step.CAMERA:
            self.finding = self._good_s = None
            return
        self.finding = finding
        if finding is not Finding.GOOD:
            self._good_s = None
        elif self._good_s is None:
            self._good_s = now_s
        elif now_s - self._good_s >= GREEN_S:
            self._go_on(self.state.take())

    def rebuild(self) -> Rebuild | None:
        """Returns what the mirror is to be made anew with; None while it need not be."""
        if self._restarts:
            return Rebuild(self._settings.with_choices(self._kept), restarts=True)
        chosen = {
            key: value
            for key, value in self._kept.items()
            if key not in LIVE and value != _setting(self._settings, key)
        }
        turned = TURN in chosen
        if not chosen or (self.state is not None and not turned):
            return None
        return Rebuild(self._settings.with_choices(self._kept), self.state)

    def _go_on(self, state: SetUp) -> None:
        over = state.step is None
        if over or state.taken != self._kept:
            self._kept = {**self._kept, **state.taken}
            self._keep(self._kept)
        self._restarts = state.restarts
        self.state = None if over else state


def _setting(settings: Settings, key: tuple[str, str]) -> object:
    return getattr(getattr(settings, key[0]), key[1])
