"""Every button on every page, on a real coach in front of a made-up person."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Literal

import pytest
from stored import OVERVIEW, FakeReader, FakeSets

import people
from kiosk.app.controller import (
    REPEAT_S,
    REPEATS_S,
    TURN_BACK_S,
    VOLUME_STEP,
    Controller,
    build_scene,
)
from kiosk.app.pipeline import Pipeline
from kiosk.app.set_facts import ASKED_S, SetFacts
from kiosk.body.pose import Pose, absent
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Ended, SetRecord
from kiosk.coaching.session import FAREWELL_S
from kiosk.coaching.snapshot import Stage
from kiosk.exercises.catalogue import catalogue
from kiosk.history.connection import DamagedHistoryError
from kiosk.training.facts import GUEST
from kiosk.training.plan import Plan
from kiosk.training.tags import tag_digest
from kiosk.training.visits import GUEST_AGAIN_S
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.scene import Action, ButtonActions, Erasing, Hold, Page, Scene, actions_for
from kiosk.ui.sound.speaker import Speaker
from kiosk.ui.words.words import Words
from kiosk.vision.pose.source import TracedPoses

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BARBELL = "romanian_deadlift"
LIFTS = [e.id for e in catalogue().values() if e.kind == "lift"]
DRILLS = [e.id for e in catalogue().values() if e.kind == "drill"]
ALONE = (Press.SHORT, Press.LONG)
EXERCISE, DRILL = (ButtonEvent(Button.EXERCISE, press) for press in ALONE)
FINISH, FINISH_LONG = (ButtonEvent(Button.FINISH, press) for press in ALONE)
HISTORY, HISTORY_LONG = (ButtonEvent(Button.HISTORY, press) for press in ALONE)
BOTH = ButtonEvent(Button.EXERCISE, Press.BOTH)


class Stand:
    """A controller with a coach behind it and a clock in the hand."""

    def __init__(
        self, poses: Iterable[Pose] | None = None, exercise: str = "hip_hinge", places: int = 8
    ) -> None:
        self.now_s = 1000.0
        self.reader = FakeReader()
        self.kept: list[SetRecord] = []
        coach = Coach(catalogue()[exercise], catalogue().values())
        seen = TracedPoses(people.hinges(4) if poses is None else poses)
        self.perception = Pipeline(seen, coach, self.keep)
        self.speaker = Speaker(volume=0.4)
        self.sets = FakeSets()
        self.facts = SetFacts(
            self.reader, self.sets, catalogue(), {}, unit="kg", places=places, rest="down"
        )
        self.controller = Controller(
            self.perception, self.reader, self.speaker, self.sets, self.facts, catalogue()
        )

    def keep(self, record: SetRecord) -> None:
        self.kept.append(record)
        self.facts.of(record)

    def press(self, *events: ButtonEvent, subpages: int = 3) -> Scene:
        for event in events:
            self.controller.press(event, NOON, self.now_s, subpages)
            scene = self.look()
        return scene

    def look(self) -> Scene:
        return self.scene()

    def scene(self, notices: tuple[str, ...] = (), pressed: tuple[Hold, ...] = ()) -> Scene:
        self.controller.update(self.now_s, active=bool(notices or pressed))
        scene = build_scene(self.controller, self.now_s, NOON)
        return replace(scene, notices=notices, pressed=pressed)

    def watch(self, stage: Stage, count: int = 0) -> None:
        """Lets the person go on until the coach has come so far."""
        self.look()
        while self.perception.step():
            snapshot = self.look().snapshot
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


def test_a_long_finish_in_a_set_finishes_it_too(stand: Stand) -> None:
    stand.watch(Stage.SET, count=1)
    assert stand.press(FINISH_LONG).judged.stage is Stage.SUMMARY


def test_switching_ends_the_set_with_every_counted_rep(stand: Stand) -> None:
    stand.watch(Stage.SET, count=2)
    stand.press(EXERCISE)
    assert (stand.kept[-1].ended, len(stand.kept[-1].counted)) == (Ended.SWITCHED, 2)
    assert stand.kept[-1].exercise == LIFTS[0]


def test_history_opens_turns_its_subpages_and_comes_back_after_the_last(stand: Stand) -> None:
    scene = stand.press(HISTORY)
    assert (scene.page, scene.history, scene.subpage) == (Page.HISTORY, OVERVIEW, 0)
    assert stand.reader.asked == [(NOON.date(), LIFTS[0], GUEST)]
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
    assert [exercise for _, exercise, _ in stand.reader.asked] == LIFTS[:2]


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
    assert (scene.page, scene.erasing) == (Page.ERASE, Erasing(None, 3))
    assert stand.sets.asked == []
    scene = stand.press(FINISH_LONG)
    assert (scene.page, stand.sets.asked) == (Page.COACH, [("erase", None)])


def test_the_sets_of_one_place_are_erased_alone(stand: Stand) -> None:
    stand.press(FINISH)
    assert stand.press(BOTH, FINISH_LONG).erasing == Erasing(None, 3)
    assert stand.press(HISTORY).erasing == Erasing(1, 3)
    assert stand.reader.counted == [None, 1]
    assert stand.press(FINISH_LONG).erasing == Erasing()
    assert stand.sets.asked == [("erase_lifter", 1)]
    # and the question begins with everybody again
    stand.press(BOTH, FINISH_LONG, HISTORY, HISTORY, FINISH_LONG)
    assert stand.sets.asked[1:] == [("erase", None)]


def test_no_two_presses_of_single_buttons_erase_the_history() -> None:
    events = (EXERCISE, DRILL, FINISH, FINISH_LONG, HISTORY, HISTORY_LONG)
    for first, second, third in product(events, repeat=3):
        stand = Stand()
        stand.press(first, second, third)
        assert ("erase", None) not in stand.sets.asked


@pytest.mark.parametrize("event", [EXERCISE, DRILL, FINISH])
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


def test_the_operator_sets_the_volume_in_small_steps(stand: Stand) -> None:
    stand.press(BOTH, FINISH, FINISH)
    assert stand.speaker.volume == pytest.approx(0.4 + 2 * VOLUME_STEP)
    stand.press(EXERCISE)
    assert stand.speaker.volume == pytest.approx(0.4 + VOLUME_STEP)
    assert stand.press(*[EXERCISE] * 9).page is Page.OPERATOR
    assert stand.speaker.volume == 0
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
    assert scene.actions[Button.FINISH] == ButtonActions(Action.FINISH)
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


# lifters, loads, plans


def loaded(reps: int = 4) -> Stand:
    """A stand whose lifter does Romanian deadlifts, which have a load."""
    return Stand(people.hinges(reps), exercise=BARBELL)


def test_the_middle_button_walks_through_the_places_before_a_set_and_never_in_it(
    stand: Stand,
) -> None:
    assert [stand.press(FINISH).lifting.facts.lifter for _ in range(3)] == [1, GUEST, 1]
    stand.watch(Stage.SET, count=1)
    assert stand.press(FINISH).lifting.facts.lifter == 1
    assert stand.facts.of(stand.kept[-1]).lifter == 1


def test_without_places_the_middle_button_plans() -> None:
    stand = Stand(places=0)
    assert stand.press(FINISH).page is Page.PLAN


def test_a_guest_is_next_when_nobody_was_there_for_a_while(stand: Stand) -> None:
    stand.press(FINISH)
    stand.now_s += GUEST_AGAIN_S - 1
    assert stand.look().lifting.facts.lifter == 1
    stand.now_s += 1.1
    assert stand.look().lifting.facts.lifter == GUEST


def test_the_load_is_asked_for_after_a_set_of_a_loaded_exercise_and_of_no_other() -> None:
    for exercise, asks in ((BARBELL, True), ("hip_hinge", False)):
        stand = Stand(exercise=exercise)
        stand.watch(Stage.SET, count=2)
        assert not stand.look().lifting.asks_load
        scene = stand.press(FINISH)
        assert scene.lifting.asks_load is asks
        shorts = [actions.short for actions in scene.actions.values()]
        assert (shorts == [Action.LESS, Action.ENTER, Action.MORE]) is asks


def test_a_load_is_proposed_stepped_entered_and_proposed_again() -> None:
    stand = loaded()
    stand.reader.loads[1, BARBELL] = 60.0
    stand.press(FINISH)
    stand.watch(Stage.SET, count=2)
    assert stand.press(FINISH).lifting.facts.load_kg == 60.0
    assert stand.press(HISTORY, HISTORY, EXERCISE).lifting.facts.load_kg == 62.5
    assert stand.sets.described == []
    scene = stand.press(FINISH)
    assert (scene.lifting.asks_load, scene.lifting.facts.load_kg) == (False, 62.5)
    assert stand.sets.described == [(1, stand.facts.of(stand.kept[-1]))]
    stand.press(FINISH)
    stand.watch(Stage.SET, count=1)
    assert stand.press(FINISH).lifting.facts.load_kg == 62.5


def test_a_load_that_nobody_enters_stays_unknown() -> None:
    stand = loaded()
    stand.reader.loads[1, BARBELL] = 60.0
    stand.press(FINISH)
    stand.watch(Stage.SET, count=2)
    stand.press(FINISH, HISTORY)
    while stand.perception.step():
        stand.look()
    assert stand.sets.described == []
    assert all(stand.facts.of(record).load_kg is None for record in stand.kept[-1:])


def test_an_unknown_load_may_stay_so() -> None:
    stand = loaded()
    stand.watch(Stage.SET, count=2)
    scene = stand.press(FINISH)
    assert (scene.lifting.asks_load, scene.lifting.facts.load_kg) == (True, None)
    scene = stand.press(FINISH)
    assert (scene.lifting.asks_load, stand.sets.described) == (False, [])


def test_the_next_set_starts_while_the_load_is_asked_for() -> None:
    stand = loaded()
    stand.watch(Stage.SET, count=2)
    stand.press(FINISH)
    stand.watch(Stage.SET, count=1)
    scene = stand.look()
    assert (scene.judged.stage, scene.lifting.asks_load) == (Stage.SET, False)
    assert (stand.kept[-1].serial, scene.lifting.facts.set_number) == (2, 2)


def test_holding_a_button_steps_on_and_letting_go_stops() -> None:
    stand = loaded()
    stand.reader.loads[1, BARBELL] = 60.0
    stand.press(FINISH)
    stand.watch(Stage.SET, count=2)
    stand.press(FINISH, HISTORY_LONG)
    for _ in range(4):
        stand.now_s += REPEAT_S
        stand.controller.hold(Button.HISTORY, stand.now_s)
        stand.controller.hold(Button.HISTORY, stand.now_s)
    assert stand.look().lifting.facts.load_kg == 60.0 + 5 * 2.5
    # a contact that is stuck stops as well
    for _ in range(1000):
        stand.now_s += REPEAT_S
        stand.controller.hold(Button.HISTORY, stand.now_s)
    assert stand.look().lifting.facts.load_kg == pytest.approx(
        60 + 2.5 * REPEATS_S / REPEAT_S, abs=5
    )
    # what cannot be stepped is done once, however long the button is held
    stand.press(ButtonEvent(Button.FINISH, Press.LONG))
    stand.now_s += 1.0
    stand.controller.hold(Button.FINISH, stand.now_s)
    assert len(stand.sets.described) == 1


@pytest.mark.parametrize(("exercise", "least_s"), [(BARBELL, ASKED_S), ("hip_hinge", 0.0)])
def test_a_summary_that_asks_stays_until_somebody_could_have_answered(
    exercise: str, least_s: float
) -> None:
    lifts = people.hinges(3)
    away = [absent(Pose.of(lifts[-1].time_s + n / 15, lifts[-1].keypoints, lifts[-1].size))
            for n in range(1, 15 * 60)]  # fmt: skip
    stand = Stand([*lifts, *away], exercise=exercise)
    stand.watch(Stage.SUMMARY)
    now_s, began_s = stand.now_s, stand.look().judged.time_s
    while stand.look().judged.stage is Stage.SUMMARY:
        assert stand.perception.step()
        stand.now_s = now_s + stand.look().judged.time_s - began_s
    shown_s = stand.look().judged.time_s - began_s
    assert least_s + FAREWELL_S - 1 <= shown_s <= least_s + FAREWELL_S + 1


@pytest.mark.parametrize("places", [0, 8])
def test_one_press_corrects_the_count_and_another_takes_it_back(places: int) -> None:
    stand = Stand(places=places)
    stand.watch(Stage.SET, count=3)
    stand.press(FINISH)
    counted = len(stand.kept[-1].counted)
    scene = stand.press(EXERCISE)
    assert (scene.lifting.facts.corrected, scene.judged.count) == (counted - 1, counted)
    assert stand.press(HISTORY).lifting.facts.corrected is None
    assert stand.press(HISTORY, HISTORY).lifting.facts.corrected == counted + 2
    assert stand.press(*[EXERCISE] * 9).lifting.facts.corrected == 0
    assert [facts.corrected for _, facts in stand.sets.described][:2] == [counted - 1, None]
    assert len(stand.kept[-1].counted) == counted


def test_the_rest_begins_with_the_end_of_the_set_and_belongs_to_its_lifter(stand: Stand) -> None:
    stand.press(FINISH)
    stand.watch(Stage.SET, count=2)
    assert stand.look().lifting.rest is None
    stand.press(FINISH)
    stand.now_s += 30.0
    rest = stand.look().lifting.rest
    assert rest is not None
    assert (rest.since_s, rest.over) == (30.0, False)
    stand.press(FINISH)
    # the guest beside them has not done a set
    assert stand.press(*[FINISH] * 2).lifting.facts.lifter == GUEST
    assert stand.look().lifting.rest is None
    assert stand.press(FINISH).lifting.rest is not None
    stand.now_s += 60.0
    stand.watch(Stage.SET, count=1)
    assert stand.facts.of(stand.kept[-1]).rest_s == pytest.approx(90.0)


def test_a_plan_is_changed_part_by_part_and_kept_for_its_lifter(stand: Stand) -> None:
    stand.press(FINISH)
    scene = stand.press(FINISH_LONG)
    assert scene.page is Page.PLAN
    usual = catalogue()["hip_hinge"].plan
    assert scene.plan == usual
    scene = stand.press(HISTORY, HISTORY, FINISH, EXERCISE, FINISH, HISTORY)
    assert scene.plan == Plan(reps=usual.reps + 2, sets=usual.sets - 1, rest_s=usual.rest_s + 15)
    assert stand.sets.plans[-1] == (1, "hip_hinge", scene.plan)
    assert stand.press(FINISH).page is Page.COACH
    assert stand.look().lifting.facts.target_reps == usual.reps + 2
    assert stand.press(FINISH).lifting.facts.target_reps == usual.reps


def test_a_history_that_cannot_be_read_keeps_nobody_from_lifting() -> None:
    stand = loaded()
    stand.reader.fault = "history.sqlite3: locked"
    stand.press(FINISH)
    stand.watch(Stage.SET, count=2)
    scene = stand.press(FINISH, HISTORY, FINISH)
    assert scene.lifting.facts.load_kg == catalogue()[BARBELL].weight.first_kg  # type: ignore[union-attr]


def test_a_set_that_is_moved_takes_the_plan_and_the_number_of_its_exercise() -> None:
    stand = Stand(people.hinges(4, lean_deg=25.0, knee_deg=105.0))
    stand.watch(Stage.SET, 2)
    while stand.look().judged.suggested is None:
        assert stand.perception.step()
    assert stand.look().lifting.facts.target_reps == catalogue()["hip_hinge"].plan.reps
    stand.press(EXERCISE)
    stand.perception.step()
    scene = stand.look()
    assert scene.judged.exercise == "squat"
    assert scene.lifting.facts.target_reps == catalogue()["squat"].plan.reps
    assert stand.sets.described[-1] == (1, scene.lifting.facts)


def test_a_deleted_set_is_not_one_of_the_planned_ones(stand: Stand) -> None:
    stand.watch(Stage.SET, count=1)
    stand.press(FINISH, FINISH_LONG, FINISH)
    assert stand.look().lifting.facts.set_number == 1
    stand.watch(Stage.SET, count=1)
    stand.press(FINISH, FINISH_LONG, FINISH_LONG, FINISH)
    assert stand.look().lifting.facts.set_number == 2


def test_a_known_tag_takes_its_place_and_a_new_one_asks_for_it(stand: Stand) -> None:
    stand.controller.read_tag("0012345678", stand.now_s)
    scene = stand.look()
    assert (scene.page, scene.lifting.place, scene.lifting.facts.lifter) == (Page.TAG, 1, GUEST)
    assert stand.press(HISTORY, HISTORY, EXERCISE, EXERCISE, EXERCISE).lifting.place == 8
    scene = stand.press(FINISH)
    assert (scene.page, scene.lifting.facts.lifter) == (Page.COACH, 8)
    (digest,) = stand.sets.tags
    assert "12345678" not in digest
    # at once, though the file does not know it yet; a place that is used is offered to nobody else
    stand.press(FINISH)
    stand.controller.read_tag("0012345678", stand.now_s)
    assert (stand.look().page, stand.look().lifting.facts.lifter) == (Page.COACH, 8)
    stand.controller.read_tag("12345678", stand.now_s)
    assert stand.look().page is Page.TAG
    assert stand.press(FINISH_LONG).page is Page.COACH
    assert (stand.look().lifting.facts.lifter, len(stand.sets.tags)) == (8, 1)


def test_a_tag_in_mid_set_is_for_the_next_one(stand: Stand) -> None:
    stand.reader.kept_tags[tag_digest("77", bytes(16))] = 5
    stand.watch(Stage.SET, count=1)
    stand.controller.read_tag("77", stand.now_s)
    assert stand.look().lifting.facts.lifter == GUEST
    stand.press(FINISH, FINISH)
    assert stand.look().lifting.facts.lifter == 5
    assert stand.facts.of(stand.kept[-1]).lifter == GUEST
    # and a new one asks nobody who lifts
    stand.watch(Stage.SET, count=1)
    stand.controller.read_tag("78", stand.now_s)
    assert stand.look().page is Page.COACH


@pytest.mark.parametrize("salt", [None, bytes(16)])
def test_tags_that_cannot_be_read_are_a_fault_that_is_shown(
    stand: Stand, salt: bytes | None
) -> None:
    stand.reader.salt, stand.reader.fault = salt, "history.sqlite3: locked" if salt else None
    stand.controller.read_tag("77", stand.now_s)
    assert (stand.look().page, stand.look().lifting.facts.lifter) == (Page.COACH, GUEST)
    assert stand.controller.fault


def test_what_a_guest_plans_and_enters_is_not_the_next_guests() -> None:
    stand = loaded()
    stand.reader.loads[GUEST, BARBELL] = 60.0
    usual = catalogue()[BARBELL].plan
    scene = stand.press(FINISH_LONG, HISTORY)
    assert scene.plan == Plan(reps=usual.reps + 1, sets=usual.sets, rest_s=usual.rest_s)
    assert stand.sets.plans == []
    stand.press(*[FINISH] * 3)
    assert stand.look().page is Page.COACH
    stand.watch(Stage.SET, count=1)
    assert stand.press(FINISH).lifting.facts.load_kg is None
    stand.press(HISTORY, FINISH, FINISH)
    assert stand.look().lifting.facts.target_reps == usual.reps + 1
    stand.watch(Stage.SET, count=1)
    assert stand.press(FINISH).lifting.facts.load_kg == 20.0
    while stand.perception.step():
        pass
    stand.perception.finish()
    stand.perception.snapshot = replace(stand.perception.snapshot, stage=Stage.WAITING)  # type: ignore[type-var]
    stand.look()
    stand.now_s += GUEST_AGAIN_S + 1
    assert stand.look().lifting.facts.target_reps == usual.reps
