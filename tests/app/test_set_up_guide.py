"""The set-up keeps what was taken, at once, and says when the mirror is to be made anew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.app.set_up_guide import ANSWERS, GREEN_S, SetUpGuide
from kiosk.coaching.camera_check import Finding
from kiosk.settings import Choices, Settings
from kiosk.ui.screen.scene import Action
from kiosk.ui.set_up_steps import FIRST, SetUp, Step
from kiosk.ui.words.words import languages

EXERCISES = ("hip_hinge", "squat")


class Guided:
    """A guide, and all that it has kept, oldest first."""

    def __init__(self, *steps: Step) -> None:
        self.kept: list[Choices] = []
        state = SetUp.begin(Settings(), languages(), steps or FIRST)
        self.guide = SetUpGuide(Settings(), EXERCISES, self.kept.append, state)

    def answer(self, *actions: Action) -> None:
        for action in actions:
            self.guide.answer(action)


def test_each_choice_is_kept_before_the_next_question() -> None:
    found = Guided()
    found.answer(Action.NEXT_CHOICE)
    assert found.kept == []
    found.answer(Action.TAKE_CHOICE)
    assert [set(one) for one in found.kept] == [{("screen", "language")}]
    assert found.guide.step is Step.ROTATION


def test_skipping_all_keeps_nothing_and_says_that_somebody_was_asked() -> None:
    found = Guided()
    for _ in FIRST:
        found.answer(Action.NEXT_CHOICE, Action.SKIP_STEP)
    assert found.guide.state is None
    assert found.kept == [{}]
    assert found.guide.rebuild() is None


def test_whoever_does_not_answer_is_asked_again() -> None:
    found = Guided()
    found.guide.postpone()
    assert found.guide.state is None
    assert found.kept == []


@given(presses=st.lists(st.sampled_from(list(ANSWERS)), max_size=40))
def test_what_is_kept_only_grows_and_is_what_is_tried_in_the_end(presses: list[Action]) -> None:
    found = Guided()
    found.answer(*presses)
    found.guide.leave()
    assert found.guide.state is None
    assert all(set(one) <= set(more) for one, more in zip(found.kept, found.kept[1:], strict=False))
    assert found.guide.tried == found.kept[-1]


@pytest.mark.parametrize("step", [Step.LANGUAGE, Step.UNIT])
def test_what_parts_were_made_with_has_them_made_anew_in_the_end(step: Step) -> None:
    found = Guided(step, Step.CAMERA)
    found.answer(Action.NEXT_CHOICE, Action.TAKE_CHOICE)
    assert found.guide.rebuild() is None  # not before the last step
    found.answer(Action.SKIP_STEP)
    rebuild = found.guide.rebuild()
    assert rebuild is not None
    assert rebuild.set_up is None
    assert rebuild.settings == Settings().with_choices(found.kept[-1])


@pytest.mark.parametrize("step", [Step.ROTATION, Step.EDGE, Step.SOUND])
def test_what_was_seen_or_heard_at_once_needs_nothing_made_anew(step: Step) -> None:
    found = Guided(step)
    taken = Action.FIRST_BUTTON if step is Step.EDGE else Action.TAKE_CHOICE
    found.answer(Action.PREVIOUS_CHOICE, taken)
    assert found.kept[-1]
    assert found.guide.rebuild() is None


def test_a_turned_picture_needs_the_camera_opened_anew_and_goes_on_there() -> None:
    found = Guided()
    for _ in range(len(FIRST) - 1):
        found.answer(Action.SKIP_STEP)
    found.answer(Action.TURN_CAMERA)
    rebuild = found.guide.rebuild()
    assert rebuild is not None
    assert rebuild.settings.camera.rotate == 90
    assert rebuild.set_up is not None
    assert rebuild.set_up.step is Step.CAMERA
    again = SetUpGuide(rebuild.settings, EXERCISES, found.kept.append, rebuild.set_up)
    assert again.rebuild() is None
    again.answer(Action.TURN_CAMERA)
    following = again.rebuild()
    assert following is not None
    assert following.settings.camera.rotate == 180


def test_a_camera_that_stays_well_ends_it() -> None:
    found = Guided(Step.CAMERA)
    for finding, now_s in (
        (Finding.GOOD, 0.0),
        (Finding.NEAR, GREEN_S - 0.1),
        (Finding.GOOD, GREEN_S),
        (Finding.GOOD, 2 * GREEN_S - 0.1),
    ):
        found.guide.check_camera(finding, now_s)
        assert found.guide.finding is finding
        assert found.guide.step is Step.CAMERA
    found.guide.check_camera(Finding.GOOD, 2 * GREEN_S)
    assert found.guide.state is None


def test_the_camera_is_checked_in_its_own_step_alone() -> None:
    found = Guided(Step.SOUND)
    found.guide.check_camera(Finding.GOOD, 0.0)
    found.guide.check_camera(Finding.GOOD, 60.0)
    assert found.guide.step is Step.SOUND
    assert found.guide.finding is None


def test_it_can_be_begun_again_at_what_was_chosen_before() -> None:
    found = Guided(Step.UNIT)
    found.answer(Action.NEXT_CHOICE, Action.TAKE_CHOICE)
    found.guide.begin()
    state = found.guide.state
    assert state is not None
    assert state.step is Step.MENU
    assert state.values[("training", "unit")] == "lb"


def test_a_volume_that_was_set_beside_the_menu_is_kept() -> None:
    found = Guided()
    found.guide.postpone()
    found.guide.keep_volume(0.3)
    assert found.kept == [{("sound", "volume"): 0.3}]
    assert found.guide.rebuild() is None


def test_a_restart_is_asked_for_in_the_menu() -> None:
    found = Guided()
    found.guide.begin()
    found.answer(Action.PREVIOUS_CHOICE, Action.TAKE_CHOICE)
    assert found.guide.step is Step.RESTART
    assert found.guide.rebuild() is None
    found.answer(Action.TAKE_CHOICE)
    rebuild = found.guide.rebuild()
    assert rebuild is not None
    assert rebuild.restarts


def test_what_was_chosen_on_the_menu_takes_effect_when_it_is_left() -> None:
    found = Guided(Step.UNIT)
    found.guide.begin()
    found.answer(*[Action.NEXT_CHOICE] * 6, Action.TAKE_CHOICE)
    assert found.guide.step is Step.EXERCISE
    found.answer(Action.NEXT_CHOICE, Action.TAKE_CHOICE)
    assert found.guide.rebuild() is None
    found.guide.leave()
    rebuild = found.guide.rebuild()
    assert rebuild is not None
    assert rebuild.settings.coach.exercise == "squat"
