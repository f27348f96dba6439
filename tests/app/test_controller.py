"""Every button on every page, on a real coach in front of a made-up person."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Literal

import pytest

import people
from kiosk.app.controller import SHOWN_S, TURN_BACK_S, VOLUME_STEP, Controller, build_scene
from kiosk.app.pipeline import Pipeline
from kiosk.body.pose import Pose
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Ended, SetRecord
from kiosk.coaching.snapshot import Stage
from kiosk.errors import HistoryError
from kiosk.exercises.catalogue import catalogue
from kiosk.history.connection import DamagedHistoryError
from kiosk.history.overview import DayTotals, Overview
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.scene import Action, ButtonActions, Hold, Page, Scene, actions_for
from kiosk.ui.sound.speaker import Speaker
from kiosk.ui.words.words import Words
from kiosk.vision.pose.source import TracedPoses

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIFTS = [e.id for e in catalogue().values() if e.kind == "lift"]
DRILLS = [e.id for e in catalogue().values() if e.kind == "drill"]
ALONE = (Press.SHORT, Press.LONG)
EXERCISE, DRILL = (ButtonEvent(Button.EXERCISE, press) for press in ALONE)
FINISH, FINISH_LONG = (ButtonEvent(Button.FINISH, press) for press in ALONE)
HISTORY, HISTORY_LONG = (ButtonEvent(Button.HISTORY, press) for press in ALONE)
BOTH = ButtonEvent(Button.EXERCISE, Press.BOTH)
OVERVIEW = Overview(
    today_totals=DayTotals(NOON.date(), 3, 24),
    latest=(),
    week=(),
    trend=(),
    best=None,
    total_sets=3,
)


class FakeReader:
    """A history of three sets, or one that cannot be read."""

    def __init__(self) -> None:
        self.fault: str | None = None
        self.kind: type[HistoryError] = HistoryError
        self.asked: list[tuple[date, str]] = []

    def overview(self, today: date, exercise: str) -> Overview:
        self.asked.append((today, exercise))
        if self.fault:
            raise self.kind(self.fault)
        return OVERVIEW


class FakeSets:
    """Notes what is asked of the stored sets."""

    def __init__(self) -> None:
        self.undoable = False
        self.asked: list[tuple[str, int | None]] = []

    def erase(self) -> None:
        self.asked.append(("erase", None))

    def undo_erase(self) -> None:
        self.asked.append(("undo", None))

    def delete(self, serial: int) -> None:
        self.asked.append(("delete", serial))

    def keep(self, serial: int) -> None:
        self.asked.append(("keep", serial))

    def check(self) -> None:
        self.asked.append(("check", None))


class Stand:
    """A controller with a coach behind it and a clock in the hand."""

    def __init__(self, poses: Iterable[Pose] | None = None) -> None:
        self.now_s = 1000.0
        self.reader = FakeReader()
        self.kept: list[SetRecord] = []
        coach = Coach(catalogue()["hip_hinge"], catalogue().values())
        seen = TracedPoses(people.hinges(4) if poses is None else poses)
        self.perception = Pipeline(seen, coach, self.kept.append)
        self.speaker = Speaker(volume=0.4)
        self.sets = FakeSets()
        self.controller = Controller(
            self.perception, self.reader, self.speaker, self.sets, catalogue()
        )

    def press(self, *events: ButtonEvent, subpages: int = 3) -> Scene:
        for event in events:
            self.controller.press(event, NOON, self.now_s, subpages)
        return self.look()

    def look(self) -> Scene:
        return self.scene()

    def scene(self, notices: tuple[str, ...] = (), pressed: tuple[Hold, ...] = ()) -> Scene:
        self.controller.update(self.now_s, active=bool(notices or pressed))
        scene = build_scene(self.controller, self.now_s, NOON)
        return replace(scene, notices=notices, pressed=pressed)

    def watch(self, stage: Stage, count: int = 0) -> None:
        """Lets the person go on until the coach has come so far."""
        while self.perception.step():
            snapshot = self.perception.snapshot
            if snapshot and snapshot.stage is stage and snapshot.count >= count:
                return
        pytest.fail(f"never came to {stage}")


@pytest.fixture
def stand() -> Stand:
    return Stand()


def test_short_presses_walk_the_lifts_and_round(stand: Stand) -> None:
    walked = []
    for _ in range(len(LIFTS) + 1):
        stand.press(EXERCISE)
        walked.append(stand.perception.exercise.id)
    assert walked == [*LIFTS[1:], LIFTS[0], LIFTS[1]]


def test_a_press_accepts_the_suggested_exercise() -> None:
    squats = people.hinges(4, lean_deg=25.0, knee_deg=105.0)
    for pressed, exercise, reps in ((EXERCISE, "squat", 2), (DRILL, DRILLS[0], 0)):
        stand = Stand(squats)
        stand.watch(Stage.SET, 2)
        scene = stand.look()
        while scene.judged.suggested is None:
            assert stand.perception.step()
            scene = stand.look()
        assert scene.actions[Button.EXERCISE].short is Action.ACCEPT
        stand.press(pressed)
        stand.perception.step()
        scene = stand.look()
        assert (scene.judged.exercise, scene.judged.count) == (exercise, reps)
        assert scene.actions[Button.EXERCISE].short is not Action.ACCEPT


def test_a_long_press_asks_for_a_drill_and_a_short_one_leads_back(stand: Stand) -> None:
    stand.press(EXERCISE)
    walked = []
    for _ in range(len(DRILLS) + 1):
        stand.press(DRILL)
        walked.append(stand.perception.exercise.id)
    assert walked == [*DRILLS, DRILLS[0]]
    stand.press(EXERCISE)
    assert stand.perception.exercise.id == LIFTS[1]


def leaning_back(script: str) -> list[Pose]:
    """Hinges, a letter a rep: F ends 14 degrees behind the standing line, O upright."""
    keys = [(people.STANDS_S, 0.0)]
    for number, letter in enumerate(script):
        start = people.STANDS_S + 4.0 * number
        top = -0.2 if letter == "F" else 0.0
        keys += [(start, 0.0), (start + 1.2, 1.0), (start + 1.5, 1.0)]
        keys += [(start + 2.7, top), (start + 3.2, top), (start + 3.7, 0.0)]
    pose = people.bending(people.through(*keys))
    return people.film(people.STANDS_S + 4.0 * len(script) + 3.0, pose)


OFFERED = "dowel_rod"
"""The drill against leaning back, and not the one that comes when nothing is on offer."""
assert DRILLS[0] != OFFERED


def test_three_faults_in_five_reps_offer_their_drill_and_a_long_press_takes_it() -> None:
    stand = Stand(leaning_back("FOFOF"))
    stand.watch(Stage.SET, count=5)
    before = stand.look().snapshot
    assert before is not None
    assert before.drill is None
    while stand.perception.step():
        scene = stand.look()
        if scene.snapshot is not None and scene.snapshot.drill is not None:
            break
    else:
        pytest.fail("nothing was offered")
    assert scene.snapshot.drill == OFFERED
    stand.press(DRILL)
    assert stand.perception.exercise.id == OFFERED
    assert (stand.kept[-1].ended, len(stand.kept[-1].counted)) == (Ended.SWITCHED, 5)
    stand.press(EXERCISE)
    assert stand.perception.exercise.id == LIFTS[0]


@pytest.mark.parametrize(("script", "drill"), [("OFO", OFFERED), ("OOO", DRILLS[0])])
def test_a_long_press_on_the_summary_goes_to_the_drill_of_the_one_thing(
    script: str, drill: str
) -> None:
    stand = Stand(leaning_back(script))
    stand.watch(Stage.SET, count=3)
    summary = stand.press(FINISH).snapshot
    assert summary is not None
    assert (summary.stage, summary.drill) == (Stage.SUMMARY, None)
    stand.press(DRILL)
    assert stand.perception.exercise.id == drill


def test_a_summary_put_away_offers_nothing_any_more() -> None:
    stand = Stand(leaning_back("OFO"))
    stand.watch(Stage.SET, count=3)
    stand.press(FINISH, FINISH, DRILL)
    assert stand.perception.exercise.id == DRILLS[0]


def test_finish_outside_a_set_steps_through_the_volumes_and_says_so(stand: Stand) -> None:
    heard = []
    for event in (FINISH, FINISH_LONG, FINISH, FINISH):
        stand.press(event)
        heard.append(stand.controller.volume_line(stand.now_s))
    percents = [percent for line in heard if line for _, percent in [line]]
    assert {line[0] for line in heard if line} == {"notice.volume", "notice.muted"}
    assert len(percents) == 4
    assert stand.controller.volume_line(stand.now_s + SHOWN_S + 0.1) is None


def test_the_new_exercise_is_shown_at_once(stand: Stand) -> None:
    scene = stand.press(EXERCISE)
    assert scene.snapshot is not None
    assert scene.snapshot.exercise == LIFTS[1]


def test_finish_ends_a_set_and_then_puts_its_summary_away(stand: Stand) -> None:
    stand.watch(Stage.SET, count=2)
    scene = stand.press(FINISH)
    assert scene.snapshot is not None
    assert scene.snapshot.stage is Stage.SUMMARY
    assert (stand.kept[-1].ended, len(stand.kept[-1].counted)) == (Ended.BUTTON, 2)
    scene = stand.press(FINISH)
    assert scene.snapshot is not None
    assert scene.snapshot.stage is Stage.FRAMING
    assert len({record.serial for record in stand.kept}) == 1


def test_a_long_finish_in_a_set_changes_the_volume_and_not_the_set(stand: Stand) -> None:
    stand.watch(Stage.SET, count=1)
    scene = stand.press(FINISH_LONG)
    assert scene.snapshot is not None
    assert scene.snapshot.stage is Stage.SET
    assert stand.controller.volume_line(stand.now_s) is not None


def test_switching_ends_the_set_with_every_counted_rep(stand: Stand) -> None:
    stand.watch(Stage.SET, count=2)
    stand.press(EXERCISE)
    assert (stand.kept[-1].ended, len(stand.kept[-1].counted)) == (Ended.SWITCHED, 2)
    assert stand.kept[-1].exercise == LIFTS[0]


def test_history_opens_turns_its_subpages_and_comes_back_after_the_last(stand: Stand) -> None:
    scene = stand.press(HISTORY)
    assert (scene.page, scene.history, scene.subpage) == (Page.HISTORY, OVERVIEW, 0)
    assert stand.reader.asked == [(NOON.date(), LIFTS[0])]
    assert [stand.press(HISTORY).subpage for _ in range(2)] == [1, 2]
    scene = stand.press(HISTORY)
    assert (scene.page, scene.history) == (Page.COACH, None)
    # and begins at the newest again, read anew
    scene = stand.press(HISTORY)
    assert (scene.page, scene.subpage, len(stand.reader.asked)) == (Page.HISTORY, 0, 2)


def test_an_only_subpage_is_the_last(stand: Stand) -> None:
    assert stand.press(HISTORY, subpages=1).page is Page.HISTORY
    assert stand.press(HISTORY, subpages=1).page is Page.COACH


def test_another_exercise_shows_its_own_history(stand: Stand) -> None:
    scene = stand.press(HISTORY, HISTORY, EXERCISE)
    assert (scene.page, scene.subpage) == (Page.HISTORY, 0)
    assert [exercise for _, exercise in stand.reader.asked] == LIFTS[:2]


def test_a_long_press_on_history_teaches_and_another_comes_back(stand: Stand) -> None:
    scene = stand.press(HISTORY_LONG)
    assert (scene.page, scene.subpage) == (Page.LEARN, 0)
    assert stand.press(HISTORY).subpage == 1
    scene = stand.press(EXERCISE)
    assert (scene.page, scene.subpage) == (Page.LEARN, 0)
    assert stand.perception.exercise.id == LIFTS[1]
    assert stand.press(HISTORY_LONG).page is Page.COACH
    assert stand.reader.asked == []


def test_erasing_takes_two_long_presses_on_the_operators_page(stand: Stand) -> None:
    scene = stand.press(BOTH, FINISH_LONG)
    assert (scene.page, scene.history) == (Page.ERASE, OVERVIEW)
    assert stand.sets.asked == []
    scene = stand.press(FINISH_LONG)
    assert (scene.page, scene.history, stand.sets.asked) == (Page.COACH, None, [("erase", None)])


def test_no_two_presses_of_single_buttons_erase_the_history() -> None:
    events = (EXERCISE, DRILL, FINISH, FINISH_LONG, HISTORY, HISTORY_LONG)
    for first, second, third in product(events, repeat=3):
        stand = Stand()
        stand.press(first, second, third)
        assert ("erase", None) not in stand.sets.asked


@pytest.mark.parametrize("event", [EXERCISE, DRILL, FINISH, HISTORY, HISTORY_LONG])
def test_anything_else_keeps_the_history(stand: Stand, event: ButtonEvent) -> None:
    scene = stand.press(BOTH, FINISH_LONG, event)
    assert (scene.page, scene.history, stand.sets.asked) == (Page.OPERATOR, None, [])


def test_a_question_that_nobody_answers_erases_nothing(stand: Stand) -> None:
    stand.press(BOTH, FINISH_LONG)
    stand.now_s += TURN_BACK_S[Page.ERASE] + 0.1
    assert stand.look().page is Page.COACH
    stand.press(FINISH_LONG)
    assert stand.sets.asked == []


def test_an_erasure_is_undone_on_the_operators_page_as_long_as_it_can_be(stand: Stand) -> None:
    stand.press(BOTH, DRILL)
    assert stand.sets.asked == []
    stand.sets.undoable = True
    assert stand.look().actions[Button.EXERCISE].long is Action.UNDO_ERASE
    assert stand.press(DRILL).page is Page.COACH
    assert stand.sets.asked == [("undo", None)]


def test_a_long_press_on_the_summary_deletes_the_set_and_another_keeps_it(stand: Stand) -> None:
    stand.watch(Stage.SET, count=2)
    stand.press(FINISH)
    serial = stand.kept[-1].serial
    scene = stand.press(FINISH_LONG)
    assert scene.snapshot is not None
    assert (scene.snapshot.stage, scene.deleted) == (Stage.SUMMARY, True)
    assert stand.sets.asked == [("delete", serial)]
    assert not stand.press(FINISH_LONG).deleted
    assert stand.sets.asked[1:] == [("keep", serial)]


def test_the_next_set_is_not_deleted_with_the_last(stand: Stand) -> None:
    stand.watch(Stage.SET, count=2)
    stand.press(FINISH, FINISH_LONG, FINISH)
    stand.watch(Stage.SET, count=1)
    scene = stand.press(FINISH)
    assert not scene.deleted
    assert len(stand.sets.asked) == 1
    assert scene.actions[Button.FINISH].long is Action.DELETE


def test_a_damaged_history_is_asked_to_be_set_aside(stand: Stand) -> None:
    stand.reader.fault = "history.sqlite3: locked"
    stand.press(HISTORY)
    assert stand.sets.asked == []
    stand.reader.kind = DamagedHistoryError
    stand.press(FINISH, HISTORY)
    assert stand.sets.asked == [("check", None)]


@pytest.mark.parametrize("button", Button)
def test_two_buttons_held_together_open_the_operators_page_and_close_it(
    stand: Stand, button: Button
) -> None:
    both = ButtonEvent(button, Press.BOTH)
    exercise = stand.perception.exercise
    assert stand.press(both).page is Page.OPERATOR
    assert stand.press(both).page is Page.COACH
    assert stand.perception.exercise is exercise
    assert stand.controller.volume_line(stand.now_s) is None


def test_the_operator_sets_the_volume_in_small_steps(stand: Stand) -> None:
    stand.press(BOTH, FINISH, FINISH)
    assert stand.speaker.volume == pytest.approx(0.4 + 2 * VOLUME_STEP)
    stand.press(EXERCISE)
    assert stand.speaker.volume == pytest.approx(0.4 + VOLUME_STEP)
    stand.speaker.toggle_mute()
    assert stand.press(FINISH).page is Page.OPERATOR
    assert not stand.speaker.muted
    assert stand.press(HISTORY).page is Page.COACH


def test_a_set_does_not_take_the_operators_page_away(stand: Stand) -> None:
    stand.watch(Stage.READY)
    stand.press(BOTH)
    stand.watch(Stage.SET)
    assert stand.look().page is Page.OPERATOR


@pytest.mark.parametrize("event", [HISTORY, HISTORY_LONG, BOTH])
def test_a_page_that_nobody_reads_turns_itself_back(stand: Stand, event: ButtonEvent) -> None:
    page = stand.press(event).page
    stand.now_s += TURN_BACK_S[page]
    assert stand.look().page is page
    stand.now_s += 0.1
    assert stand.look().page is Page.COACH


@pytest.mark.parametrize("event", [HISTORY, HISTORY_LONG])
def test_a_set_that_starts_is_shown_and_a_set_under_way_stays(
    stand: Stand, event: ButtonEvent
) -> None:
    stand.watch(Stage.READY)
    assert stand.press(event).page is not Page.COACH
    stand.watch(Stage.SET)
    assert stand.look().page is Page.COACH
    assert stand.press(event).page is Page.COACH


def test_a_history_that_cannot_be_read_is_a_fault_while_it_is_shown(stand: Stand) -> None:
    stand.reader.fault = "history.sqlite3: damaged"
    scene = stand.press(HISTORY)
    assert (scene.page, scene.history) == (Page.HISTORY, None)
    assert stand.controller.fault == "history.sqlite3: damaged"
    stand.press(FINISH)
    assert stand.controller.fault is None
    stand.press(HISTORY)
    stand.now_s += TURN_BACK_S[Page.HISTORY] + 1
    stand.look()
    assert stand.controller.fault is None
    stand.reader.fault = None
    assert stand.press(HISTORY).history == OVERVIEW
    assert stand.controller.fault is None


def test_the_legend_says_what_each_press_does(stand: Stand) -> None:
    stand.watch(Stage.SET, count=1)
    scene = stand.look()
    assert scene.actions[Button.FINISH] == ButtonActions(Action.FINISH, Action.SOUND)
    scene = stand.press(FINISH)
    assert scene.actions[Button.FINISH] == ButtonActions(Action.DONE, Action.DELETE)
    scene = stand.press(DRILL)
    assert scene.actions[Button.EXERCISE] == ButtonActions(Action.LIFT, Action.NEXT_DRILL)


@pytest.mark.parametrize("page", Page)
@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("kind", ["lift", "drill"])
def test_every_button_has_a_choice_with_words_and_two_ways_are_two_things(
    page: Page, stage: Stage, kind: Literal["lift", "drill"]
) -> None:
    words = Words.load("en")
    actions = actions_for(page, stage, kind)
    assert set(actions) == set(Button)
    for choice in actions.values():
        assert choice.short is not choice.long
        for action in (choice.short, choice.long):
            assert action is None or words(f"action.{action.value}")


def test_idle_time_runs_while_nobody_is_there_or_presses(stand: Stand) -> None:
    assert stand.look().idle_s == 0
    stand.now_s += 40
    assert stand.look().idle_s == 40
    assert stand.press(EXERCISE).idle_s == 0
    stand.now_s += 5
    held = (Hold(Button.FINISH, 0.2),)
    assert stand.scene(pressed=held).idle_s == 0
    stand.now_s += 300
    assert stand.look().idle_s == 300
    stand.watch(Stage.FRAMING)
    assert stand.look().idle_s == 0


def test_a_notice_wakes_a_dimmed_screen_and_keeps_it_awake(stand: Stand) -> None:
    stand.look()
    stand.now_s += 900
    assert stand.look().idle_s == 900
    notice = ("no picture",)
    assert stand.scene(notice).idle_s == 0
    stand.now_s += 900
    assert stand.scene(notice).idle_s == 0
    stand.now_s += 20
    assert stand.look().idle_s == 20


def test_a_scene_tells_all_that_it_was_told(stand: Stand) -> None:
    hold = Hold(Button.FINISH, 0.5)
    stand.now_s = 12.5
    scene = stand.scene(("no picture",), (hold,))
    assert (scene.now_s, scene.today, scene.snapshot) == (12.5, NOON.date(), None)
    assert (scene.notices, scene.pressed) == (("no picture",), (hold,))


def test_every_page_has_the_time_after_which_it_turns_back() -> None:
    assert set(TURN_BACK_S) == set(Page)
