"""Any presses lead through the set-up to its end, and what is skipped stays as it was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.settings import (
    CHOOSABLE,
    CameraSettings,
    HomeSettings,
    LifterSettings,
    OutboxSettings,
    PanelSettings,
    ScreenSettings,
    Settings,
    SoundSettings,
    TrainingSettings,
    checked,
)
from kiosk.ui.set_up_steps import FIRST, KEYS, REVERSED, TURN, SetUp, Step
from kiosk.ui.words.words import languages

Answer = Callable[[SetUp], SetUp]
ANSWERS: dict[str, Answer] = {
    "before": lambda found: found.turn(-1),
    "next": lambda found: found.turn(1),
    "take": SetUp.take,
    "skip": SetUp.skip,
    "first": lambda found: found.take_edge(reversed_=False),
    "last": lambda found: found.take_edge(reversed_=True),
    "camera": SetUp.turn_camera,
    "leave": SetUp.leave,
}
FOUND = st.builds(
    Settings,
    camera=st.builds(CameraSettings, rotate=st.sampled_from([0, 90, 180, 270])),
    screen=st.builds(
        ScreenSettings,
        language=st.sampled_from(languages()),
        rotate=st.sampled_from([0, 90, 180, 270]),
    ),
    panel=st.builds(
        PanelSettings,
        edge=st.sampled_from(["bottom", "top", "left", "right"]),
        reversed=st.booleans(),
    ),
    sound=st.builds(SoundSettings, volume=st.floats(0.0, 1.0)),
    training=st.builds(TrainingSettings, unit=st.sampled_from(["kg", "lb"])),
)


def begin(settings: Settings | None = None) -> SetUp:
    return SetUp.begin(settings or Settings(), languages())


TARGET = "postgresql://mirror@server/gym"
READER = LifterSettings(tag_reader="/dev/input/by-id/reader")
EXERCISES = ("hip_hinge", "squat", "good_morning")


def menu(settings: Settings | None = None) -> SetUp:
    found = settings or Settings(lifters=READER, outbox=OutboxSettings(target=TARGET))
    return SetUp.choose(found, languages(), EXERCISES)


def opened(step: Step, settings: Settings | None = None) -> SetUp:
    """The operator's menu with one of its steps open."""
    state = menu(settings)
    while state.shown != step.value:
        state = state.turn(1)
    return state.take()


@given(found=FOUND, presses=st.lists(st.sampled_from(list(ANSWERS)), max_size=60))
def test_any_presses_give_settings_that_are_allowed(found: Settings, presses: list[str]) -> None:
    state = begin(found)
    for press in presses:
        left = len(state.steps)
        state = ANSWERS[press](state)
        assert left - len(state.steps) in ((left,) if press == "leave" else (0, 1))
        found.with_choices(state.tried)
    tables: dict[str, dict[str, object]] = {}
    for (section, key), value in state.taken.items():
        assert key in CHOOSABLE[section]
        tables.setdefault(section, {})[key] = value
    checked(tables, Path("chosen.toml"))
    for _ in FIRST:
        state = state.take()
    assert state.step is None
    assert state.tried == state.taken


@given(
    found=FOUND,
    turns=st.lists(st.sampled_from(["before", "next"]), max_size=9),
    leaves=st.booleans(),
)
def test_skipping_everything_chooses_nothing(
    found: Settings, turns: list[str], leaves: bool
) -> None:
    state = begin(found)
    while state.step is not None:
        for turn in turns:
            state = ANSWERS[turn](state)
        state = state.leave() if leaves else state.skip()
    assert state.taken == state.tried == {}


@given(
    places=st.integers(0, 8),
    reader=st.booleans(),
    presses=st.lists(st.sampled_from(list(ANSWERS)), max_size=80),
)
def test_any_presses_on_the_menu_give_settings_that_are_allowed(
    places: int, reader: bool, presses: list[str]
) -> None:
    lifters = LifterSettings(places=places, tag_reader=READER.tag_reader if reader else "")
    found = Settings(lifters=lifters)
    state = menu(found)
    for press in presses:
        state = ANSWERS[press](state)
        found.with_choices(state.tried)
        assert state.step in (*state.menu, Step.MENU, None)
        assert (state.step is None) == (not state.steps)
    for _ in range(2):  # out of a step, and out of the menu
        state = state.skip()
    assert state.step is None


def test_each_step_of_the_menu_comes_back_to_it_at_the_same_place() -> None:
    for number, step in enumerate(menu().menu, start=1):
        if step is Step.RESTART:
            continue
        state = opened(step)
        assert (state.step, state.number, state.of) == (step, number, len(menu().menu))
        for answer in (SetUp.skip, SetUp.take):
            back = answer(state)
            assert (back.step, back.shown, back.taken) == (Step.MENU, step.value, {})


def test_the_menu_has_tags_only_where_there_is_a_reader() -> None:
    assert Step.TAGS in menu().menu
    assert Step.TAGS not in menu(Settings()).menu
    assert set(menu(Settings()).menu) | {Step.TAGS, Step.OUTBOX, Step.MENU} == set(Step)


def test_the_menu_has_the_outbox_only_where_it_sends_anywhere() -> None:
    home = Settings(home=HomeSettings(broker="home.local"))
    assert Step.OUTBOX in menu().menu
    assert Step.OUTBOX in menu(home).menu
    assert Step.OUTBOX not in menu(Settings()).menu


def test_tags_need_places_and_places_stay_while_there_are_tags() -> None:
    assert opened(Step.TAGS, Settings(lifters=replace(READER, places=0))).options == (False,)
    assert min(opened(Step.PLACES, Settings(lifters=replace(READER, tags=True))).options) == 1
    assert min(opened(Step.PLACES).options) == 0


def test_only_the_answer_to_its_question_starts_the_mirror_again() -> None:
    assert opened(Step.RESTART).take().restarts
    assert opened(Step.RESTART).take().step is None
    assert not opened(Step.RESTART).skip().restarts


@given(found=FOUND)
def test_taking_everything_as_it_is_chooses_nothing(found: Settings) -> None:
    state = begin(found)
    while state.step is not None:
        state = state.take()
    assert state.taken == {}


@pytest.mark.parametrize("step", list(KEYS))
def test_every_option_of_a_step_can_be_chosen(step: Step) -> None:
    state = opened(step)
    options = state.options
    assert len(options) >= 2
    for _ in options:
        state = state.turn(-1)
    reached = set()
    for _ in options:
        reached.add(state.shown)
        state = state.turn(1)
    assert reached == set(options)


def test_what_a_step_would_choose_is_tried_before_it_is_taken() -> None:
    state = begin().turn(1)
    other = next(language for language in languages() if language != "en")
    assert state.tried == {("screen", "language"): other}
    assert state.taken == {}
    assert state.take().taken == state.tried
    assert state.skip().tried == {}


def test_the_volume_ends_at_its_bounds() -> None:
    quiet = SetUp.begin(Settings(), languages(), (Step.SOUND,))
    loud = quiet
    for _ in range(20):
        quiet, loud = quiet.turn(-1), loud.turn(1)
    assert (quiet.shown, loud.shown) == (0.0, 1.0)


def at_the_edge(*, reversed_: bool) -> SetUp:
    found = Settings(panel=PanelSettings(reversed=reversed_))
    return SetUp.begin(found, languages(), (Step.EDGE,)).turn(1)


@pytest.mark.parametrize("was", [False, True])
@pytest.mark.parametrize("pressed_last", [False, True])
def test_the_first_button_tells_the_edge_and_the_order(was: bool, pressed_last: bool) -> None:
    state = at_the_edge(reversed_=was).take_edge(reversed_=pressed_last)
    assert state.step is None
    assert state.taken[("panel", "edge")] == "right"
    assert state.values[REVERSED] == (was != pressed_last)


def test_the_camera_is_turned_by_quarters_and_round() -> None:
    state = SetUp.begin(Settings(), languages(), (Step.CAMERA,))
    seen = []
    for _ in range(4):
        state = state.turn_camera()
        seen.append(state.values[TURN])
    assert seen == [90, 180, 270, 0]
    assert state.step is Step.CAMERA


def test_the_steps_are_numbered() -> None:
    state, numbers = begin(), []
    while state.step is not None:
        numbers.append((state.number, state.of))
        state = state.skip()
    assert numbers == [(number, len(FIRST)) for number in range(1, len(FIRST) + 1)]
