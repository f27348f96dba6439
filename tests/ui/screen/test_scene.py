"""A scene never changes; every button does something on every page, and all is in reach."""

from dataclasses import FrozenInstanceError
from itertools import product

import pytest

from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.scene import Action, ButtonActions, Page, Scene, actions_for
from kiosk.ui.set_up_steps import Step

SNAPSHOT = Snapshot(time_s=0.0, stage=Stage.WAITING, exercise="hip_hinge")


def test_a_scene_without_a_snapshot_has_nothing_judged() -> None:
    assert Scene(now_s=0.0, snapshot=SNAPSHOT).judged is SNAPSHOT
    with pytest.raises(AssertionError):
        _ = Scene(now_s=0.0).judged


def test_a_scene_follows_the_coach_by_default_and_never_changes() -> None:
    scene = Scene(now_s=0.0)
    assert (scene.page, scene.subpage, scene.vision_fault, scene.notices) == (
        Page.COACH,
        0,
        None,
        (),
    )
    with pytest.raises(FrozenInstanceError):
        scene.subpage = 1  # type: ignore[misc]  # that is the point


@pytest.mark.parametrize(("page", "stage"), list(product(Page, Stage)))
def test_every_button_does_something_everywhere(page: Page, stage: Stage) -> None:
    for kind in ("lift", "drill"):
        assert set(actions_for(page, stage, kind)) == set(Button)


def test_every_action_is_on_some_button() -> None:
    flags = ("suggested", "deleted", "asks_load", "replays", "undoable", "lifters", "settable")
    offered = {
        action
        for page, stage, kind in product(Page, Stage, ("lift", "drill"))
        for values in product((False, True), repeat=len(flags))
        for pair in actions_for(page, stage, kind, **dict(zip(flags, values, strict=True))).values()
        for action in (pair.short, pair.long)
    }
    for step in Step:
        pairs = actions_for(Page.SET_UP, Stage.WAITING, "lift", step=step).values()
        offered |= {action for pair in pairs for action in (pair.short, pair.long)}
    assert offered - {None} == set(Action)


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.MENU])
def test_every_step_of_the_set_up_can_be_skipped_by_the_button_in_the_middle(step: Step) -> None:
    actions = actions_for(Page.SET_UP, Stage.WAITING, "lift", step=step)
    assert actions[Button.FINISH].long is Action.SKIP_STEP


@pytest.mark.parametrize("stage", Stage)
def test_erasing_takes_a_long_press_on_a_page_of_its_own(stage: Stage) -> None:
    for page in Page:
        actions = actions_for(page, stage, "lift").values()
        assert Action.ERASE not in [action.short for action in actions]
        assert any(action.long is Action.ERASE for action in actions) is (page is Page.ERASE)


@pytest.mark.parametrize("stage", Stage)
def test_nobody_erases_from_a_page_that_one_press_opens(stage: Stage) -> None:
    for page in Page:
        actions = actions_for(page, stage, "lift", undoable=True).values()
        offered = {action for pair in actions for action in (pair.short, pair.long)}
        risky = offered & {Action.ASK_ERASE, Action.UNDO_ERASE}
        assert bool(risky) is (page is Page.OPERATOR)


@pytest.mark.parametrize("stage", Stage)
def test_only_the_summary_of_a_stored_set_deletes_it_by_a_long_press(stage: Stage) -> None:
    both = {Action.DELETE, Action.KEEP_SET}
    for deleted, action in ((None, None), (False, Action.DELETE), (True, Action.KEEP_SET)):
        actions = actions_for(Page.COACH, stage, "lift", deleted=deleted).values()
        long = {pair.long for pair in actions} & both
        assert long == ({action} - {None} if stage is Stage.SUMMARY else set())
        assert not {pair.short for pair in actions} & both


def test_a_set_is_finished_by_the_button_that_leaves_its_summary() -> None:
    found = {s: actions_for(Page.COACH, s, "lift")[Button.FINISH] for s in Stage}
    assert found.pop(Stage.SET) == ButtonActions(Action.FINISH)
    assert found.pop(Stage.SUMMARY) == ButtonActions(Action.DONE)
    assert set(found.values()) == {ButtonActions(Action.NEXT_LIFTER, Action.PLAN)}


@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize("suggested", [False, True])
def test_nothing_is_asked_of_a_set_that_is_deleted_or_may_be_another(
    deleted: bool, suggested: bool
) -> None:
    actions = actions_for(
        Page.COACH, Stage.SUMMARY, "lift", suggested=suggested, deleted=deleted, asks_load=True
    )
    asked = actions[Button.FINISH].short is Action.ENTER
    assert asked is not (deleted or suggested)


def test_a_drill_leads_back_to_its_lift() -> None:
    exercise = actions_for(Page.COACH, Stage.WAITING, "drill")[Button.EXERCISE]
    assert exercise == ButtonActions(Action.LIFT, Action.NEXT_DRILL)


@pytest.mark.parametrize("page", [page for page in Page if page is not Page.COACH])
def test_every_page_but_the_coach_can_be_left(page: Page) -> None:
    actions = actions_for(page, Stage.WAITING, "lift").values()
    offered = {action for pair in actions for action in (pair.short, pair.long)}
    assert offered & {Action.CLOSE, Action.KEEP, Action.SKIP_STEP}


def test_holding_the_right_button_shows_the_reps_of_a_summary_again() -> None:
    for deleted, stage in product((False, None), Stage):
        actions = actions_for(Page.COACH, stage, "lift", deleted=deleted, replays=True)
        shows = stage is Stage.SUMMARY and deleted is False
        assert (actions[Button.HISTORY].long is Action.REPLAY) is shows
    for page in set(Page) - {Page.COACH}:
        replays = actions_for(page, Stage.SUMMARY, "lift", deleted=False, replays=True)
        assert replays == actions_for(page, Stage.SUMMARY, "lift", deleted=False)
