"""Three people share a mirror: places, loads, corrections and rests, from presses to the file."""

from collections.abc import Callable, Iterator
from itertools import chain

import pytest

import people
from kiosk.app.mirror import Mirror
from kiosk.body.pose import Pose, absent
from kiosk.coaching.snapshot import Stage
from kiosk.history.rows import StoredSet
from kiosk.settings import CoachSettings
from kiosk.training.facts import GUEST
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.scene import Scene
from mirror_harness import FPS, MirrorHarness, in_stage, turns

LEFT, MIDDLE, RIGHT = (ButtonEvent(button, Press.SHORT) for button in Button)
AWAY_S = 12.0


def visits(count: int) -> Iterator[Pose]:
    """So many sets of three reps, with nobody there between them."""
    one = people.hinges(3, fps=FPS)
    gone = [absent(pose) for pose in one[: int(AWAY_S * FPS)]]
    for number, pose in enumerate(chain.from_iterable((*one, *gone) for _ in range(count))):
        yield Pose(number / FPS, pose.marks, pose.size)


def lift(mirror: Mirror, *presses: ButtonEvent) -> Scene:
    """Presses before a set, and lifts until its summary."""
    for press in presses:
        mirror.turn((press,))
    turns(mirror, in_stage(Stage.SET))
    return turns(mirror, in_stage(Stage.SUMMARY))


def answered(mirror: Mirror, *presses: ButtonEvent) -> Scene:
    """Presses at a summary, and waits until nobody is there."""
    for press in presses:
        mirror.turn((press,))
    return turns(mirror, in_stage(Stage.WAITING))


@pytest.fixture
def evening(harness: MirrorHarness) -> Iterator[Callable[[int], Mirror]]:
    mirrors: list[Mirror] = []

    def start(sets: int) -> Mirror:
        poses = list(visits(sets))
        harness.see(poses)
        harness.seconds = len(poses) / FPS
        coach = CoachSettings(exercise="romanian_deadlift", back_line=False)
        mirrors.append(harness.mirror(coach=coach).__enter__())
        return mirrors[-1]

    yield start
    for mirror in mirrors:
        mirror.__exit__(None, None, None)


def test_each_has_their_own_load_rest_count_and_history(
    harness: MirrorHarness, evening: Callable[[int], Mirror]
) -> None:
    mirror = evening(6)
    # a fox lifts 22.5 kg: the bar is proposed by the first press of plus
    summary = lift(mirror, MIDDLE)
    assert (summary.lifting.asks_load, summary.lifting.facts.load_kg) == (True, None)
    waiting = answered(mirror, RIGHT, RIGHT, MIDDLE)
    assert (waiting.lifting.facts.set_number, waiting.lifting.rest is not None) == (2, True)
    # the next place: nobody rests there
    mirror.turn((MIDDLE,))
    assert turns(mirror, lambda scene: scene.lifting.facts.lifter == 2).lifting.rest is None
    summary = lift(mirror)
    assert summary.lifting.facts.load_kg is None
    answered(mirror, RIGHT, MIDDLE)
    # behind the places in use and a free one comes the guest, who answers nothing
    mirror.turn((MIDDLE,))
    mirror.turn((MIDDLE,))
    summary = lift(mirror)
    assert (summary.lifting.facts.lifter, summary.lifting.asks_load) == (GUEST, True)
    assert lift(mirror).lifting.facts.set_number == 2
    answered(mirror, MIDDLE, MIDDLE)
    # the fox again: their load is proposed, their count goes on, and they take back a rep
    summary = lift(mirror, MIDDLE)
    assert summary.lifting.facts.load_kg == 22.5
    assert (summary.lifting.facts.lifter, summary.lifting.facts.set_number) == (1, 2)
    answered(mirror, MIDDLE, LEFT)
    summary = lift(mirror)
    answered(mirror, MIDDLE)
    mirror.__exit__(None, None, None)
    sets: list[StoredSet] = harness.reader.recent(9)[::-1]
    assert [(s.facts.lifter, s.facts.load_kg) for s in sets] == [
        *((1, 22.5), (2, 20.0), (GUEST, None), (GUEST, None), (1, 22.5), (1, 22.5)),
    ]
    assert [s.reps for s in sets] == [3] * 6
    assert [s.facts.corrected for s in sets] == [None, None, None, None, 2, None]
    assert [s.facts.set_number for s in sets] == [1, 1, 1, 2, 2, 3]
    rests = [s.facts.rest_s for s in sets]
    assert rests[:3] == [None] * 3
    assert all(rest is not None and rest > AWAY_S for rest in rests[3:])
    assert [len(harness.reader.recent(9, lifter=place)) for place in (GUEST, 1, 2)] == [2, 3, 1]
