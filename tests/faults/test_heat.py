"""A hot processor: fewer poses, no judgement that needs more of them, and no lost rep."""

import itertools

import pytest

from doubles import FakeClock, heat
from kiosk.app import parts as parts_module
from kiosk.app import perception
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.settings import CoachSettings
from kiosk.system.cooling import COOL_C, COOL_FOR_S, COOLING_FPS, HOT_C, Cooling
from kiosk.system.firmware import Limit, Throttling
from kiosk.system.health import Health
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.scene import Page, Scene
from mirror_harness import WORDS, MirrorHarness, reading, turns, warned


class Hot(MirrorHarness):
    """A mirror on a processor of a temperature that a test sets, with its rests noted."""

    def __init__(self, harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch) -> None:
        self.__dict__.update(harness.__dict__)
        self.temperature_c = HOT_C + 2
        self.rests: list[float] = []
        monkeypatch.setattr(
            perception, "Cooling", lambda _: Cooling(self.rests.append, FakeClock())
        )
        monkeypatch.setattr(parts_module, "HealthPoller", lambda read: self)

    @property
    def newest(self) -> Health:
        return heat(self.temperature_c)

    def start(self) -> None:
        """Needs no thread."""

    def close(self) -> None:
        """Has none to end."""

    def raise_crash(self) -> None:
        """Has none that could crash."""


@pytest.fixture
def hot(harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch) -> Hot:
    return Hot(harness, monkeypatch)


def warns(scene: Scene) -> bool:
    return WORDS("notice.unjudged") in scene.notices


def test_a_hot_mirror_counts_every_hinge_with_fewer_looks_and_says_nothing(
    hot: Hot, caplog: pytest.LogCaptureFixture
) -> None:
    shown = []
    with hot.mirror() as mirror:
        while not mirror.ended:
            scene = mirror.turn()
            assert scene is not None
            shown += scene.notices
    assert shown == []
    assert hot.rests
    assert hot.stored() == [("hip_hinge", 4, "walked_off")]
    (line,) = warned(caplog)
    assert f"{COOLING_FPS:.0f} poses a second" in line


def test_a_hot_mirror_says_that_swings_are_not_judged_until_it_is_cool(hot: Hot) -> None:
    with hot.mirror(coach=CoachSettings(exercise="kettlebell_swing")) as mirror:
        turns(mirror, warns)
        assert WORDS("notice.unjudged") in reading(mirror)
        mirror.turn((ButtonEvent(Button.FINISH, Press.BOTH),))
        scene = turns(mirror, lambda scene: scene.page is Page.OPERATOR and scene.operator)
        (fact,) = [fact for fact in scene.operator.facts if fact.key == "inference"]
        assert not fact.good
        hot.temperature_c = COOL_C - 1
        cool_s = scene.now_s
        scene = turns(mirror, lambda scene: not warns(scene))
        assert scene.now_s - cool_s == pytest.approx(COOL_FOR_S, abs=0.2)


def test_the_lockout_of_a_swing_needs_more_than_the_pace_of_a_hot_mirror() -> None:
    rules = exercise_by_id("kettlebell_swing").checks
    assert {rule.id for rule in rules if rule.least_fps > COOLING_FPS} == {
        "shallow",
        "no_lockout",
        "lean_back",
    }


def test_an_eased_loop_keeps_its_pace_and_owes_nothing_after_a_slow_look() -> None:
    clock = FakeClock(100.0)
    cooling = Cooling(clock.sleep, clock)
    cooling.limit_rate()
    assert clock.slept == []
    cooling.update(0.0, heat(HOT_C))
    starts = []
    for took_s in (0.03, 0.03, 0.5, 0.03, 0.03):
        starts.append(clock.now_s)
        clock.advance(took_s)
        cooling.limit_rate()
    gaps = [after - before for before, after in itertools.pairwise(starts)]
    assert gaps == pytest.approx([0.1, 0.1, 0.5, 0.1], abs=1e-6)
    cooling.update(1.0, heat(COOL_C - 1))
    cooling.update(1.0 + COOL_FOR_S, heat(COOL_C - 1))
    slept = len(clock.slept)
    cooling.limit_rate()
    assert len(clock.slept) == slept


def test_a_processor_held_back_is_eased_without_a_thermometer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cooling = Cooling(lambda _: None)
    cooling.update(0.0, None)
    assert not cooling.active
    for now_s in (1.0, 2.0, 3.0):
        cooling.update(now_s, heat(None, Throttling(now=frozenset({Limit.THROTTLED}))))
    assert cooling.active
    assert len(warned(caplog)) == 1
