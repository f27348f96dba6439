"""What is reported of one, two or three buttons, whatever the fingers do."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.panel.contacts import STUCK_HOLDS, Contacts

# parts of a second that a float holds exactly, so that hindsight finds the same times
TICK_S = 1 / 1024
DEBOUNCE, HOLD, BOTH, STUCK = 32, 800, 1600, 3200
EXERCISE, FINISH, HISTORY = Button

Change = tuple[int, Button, bool]
"""When in ticks, whose contact, and whether it is closed then."""

gaps = st.one_of(
    st.integers(0, 2 * DEBOUNCE),
    st.integers(0, 2 * HOLD),
    st.sampled_from([DEBOUNCE - 1, DEBOUNCE, HOLD - 1, HOLD, HOLD + DEBOUNCE, BOTH - 1, BOTH]),
)
plays = st.lists(st.tuples(gaps, st.sampled_from(Button), st.booleans()), max_size=14)
polls = st.lists(st.integers(0, 25_000), max_size=20)


def new_panel() -> Contacts:
    return Contacts(debounce_s=DEBOUNCE * TICK_S, hold_s=HOLD * TICK_S)


@pytest.fixture
def panel() -> Contacts:
    return new_panel()


@pytest.fixture
def begun(panel: Contacts) -> Contacts:
    """The panel after a finger has come down on HISTORY."""
    panel.update(HISTORY, 1.0, closed=True)
    return panel


def dated(play: list[tuple[int, Button, bool]]) -> list[Change]:
    now, found = 1024, []
    for gap, button, down in play:
        now += gap
        found.append((now, button, down))
    return found


def played(changes: list[Change], polled: list[int]) -> list[ButtonEvent]:
    panel = new_panel()
    events = []
    asked = [(at, None, False) for at in polled]
    for at, button, down in sorted([*changes, *asked], key=lambda one: one[0]):
        if button is None:
            events += panel.poll(at * TICK_S)
        else:
            panel.update(button, at * TICK_S, closed=down)
    return events + panel.poll(1000.0)


def strokes(changes: list[Change], button: Button) -> Iterator[tuple[int, float]]:
    """From when to when a button is truly down, in ticks."""
    seen, mine = False, []
    for at, whose, down in changes:
        if whose is button and down != seen:
            seen = down
            mine.append((at, down))
    begin = None
    ends = [*(at for at, _ in mine[1:]), float("inf")]
    for (at, down), until in zip(mine, ends, strict=False):
        if until - at < DEBOUNCE:
            continue
        if down and begin is None:
            begin = at
        elif not down and begin is not None:
            yield begin, at
            begin = None
    if begin is not None:
        yield begin, float("inf")


def meant(changes: list[Change]) -> list[ButtonEvent]:
    """What the strokes mean, worked out with hindsight."""
    all_strokes = [(b, *stroke) for b in Button for stroke in strokes(changes, b)]
    found = []
    spent = set()
    for button, begin, end in all_strokes:
        others = [
            s
            for s in all_strokes
            if s[0] is not button and s[1] < end and s[2] > begin and abs(s[1] - begin) < STUCK
        ]
        alone_until = min((max(begin, s[1]) for s in others), default=float("inf"))
        if min(end, alone_until) - begin >= HOLD:
            found.append((begin + HOLD, ButtonEvent(button, Press.LONG)))
            spent.add((button, begin, end))
        elif not others:
            found.append((end, ButtonEvent(button, Press.SHORT)))
    turns = sorted({t for _, begin, end in all_strokes for t in (begin, end)})
    for since, until in pairwise(turns):
        pair = [s for s in all_strokes if since - STUCK < s[1] <= since and s[2] >= until]
        if len(pair) == 2 and until - since >= BOTH and not spent & set(pair):
            first = min(pair, key=lambda stroke: stroke[1])
            found.append((since + BOTH, ButtonEvent(first[0], Press.BOTH)))
            spent |= set(pair)
    return [event for _, event in sorted(found, key=lambda one: one[0])]


@settings(deadline=None, max_examples=400)  # a busy machine is no failure
@given(plays, polls)
@example([(0, FINISH, True), (799, HISTORY, True), (900, FINISH, False)], [])
@example([(0, FINISH, True), (800, HISTORY, True), (900, FINISH, False)], [])
@example([(0, FINISH, True), (0, HISTORY, True), (40, EXERCISE, True), (40, EXERCISE, False)], [])
# the long press is uncertain for a spike, and certain only together with the edge that follows it
@example([(0, FINISH, True), (790, EXERCISE, True), (15, HISTORY, True), (5, EXERCISE, False)], [])
def test_what_is_reported_is_what_hindsight_finds(
    play: list[tuple[int, Button, bool]], polled: list[int]
) -> None:
    changes = dated(play)
    assert played(changes, polled) == meant(changes)


@settings(deadline=None)  # a busy machine is no failure
@given(plays)
def test_a_stroke_reports_one_thing_at_most(play: list[tuple[int, Button, bool]]) -> None:
    changes = dated(play)
    events = played(changes, list(range(1000, 26_000, 16)))
    alone = [event.button for event in events if event.press is not Press.BOTH]
    for button in Button:
        assert alone.count(button) <= len(list(strokes(changes, button)))
    both = len(events) - len(alone)
    # each of them spends a stroke of two buttons
    assert len(alone) + 2 * both <= sum(len(list(strokes(changes, b))) for b in Button)


def test_two_held_together_report_one_thing_and_nothing_on_release(begun: Contacts) -> None:
    begun.update(EXERCISE, 1.5, closed=True)
    assert begun.poll(3.0) == []
    assert begun.poll(3.1) == [ButtonEvent(HISTORY, Press.BOTH)]
    begun.update(HISTORY, 3.5, closed=False)
    assert begun.poll(5.0) == []
    begun.update(EXERCISE, 5.0, closed=False)
    assert begun.poll(9.0) == []


def test_two_released_too_soon_report_nothing(begun: Contacts) -> None:
    begun.update(EXERCISE, 1.125, closed=True)
    begun.update(HISTORY, 1.5, closed=False)
    # alone from here on, and for long; yet it was part of something else
    assert begun.poll(4.0) == []
    begun.update(EXERCISE, 4.0, closed=False)
    assert begun.poll(5.0) == []


def test_who_slips_off_one_of_two_may_press_it_again(begun: Contacts) -> None:
    begun.update(EXERCISE, 1.0, closed=True)
    begun.update(EXERCISE, 1.5, closed=False)
    begun.update(EXERCISE, 1.75, closed=True)
    assert begun.poll(3.3) == []
    assert begun.poll(3.375) == [ButtonEvent(HISTORY, Press.BOTH)]


def test_after_a_long_press_a_second_button_reports_nothing(panel: Contacts) -> None:
    panel.update(FINISH, 1.0, closed=True)
    assert panel.poll(2.0) == [ButtonEvent(FINISH, Press.LONG)]
    panel.update(HISTORY, 2.0, closed=True)
    assert panel.poll(4.0) == []
    assert panel.progress(4.0) == {FINISH: 1.0, HISTORY: 0.0}


def test_three_at_once_report_nothing(panel: Contacts) -> None:
    for button in Button:
        panel.update(button, 1.0, closed=True)
    assert panel.poll(5.0) == []
    assert panel.progress(5.0) == dict.fromkeys(Button, 0.0)


def test_a_stuck_button_leaves_the_others_their_use(panel: Contacts) -> None:
    panel.update(EXERCISE, 1.0, closed=True)
    assert panel.poll(2.0) == [ButtonEvent(EXERCISE, Press.LONG)]
    now_s = 1.0 + STUCK * TICK_S
    panel.update(FINISH, now_s, closed=True)
    panel.update(FINISH, now_s + 0.25, closed=False)
    panel.update(HISTORY, now_s + 1.0, closed=True)
    assert panel.poll(now_s + 2.0) == [
        ButtonEvent(FINISH, Press.SHORT),
        ButtonEvent(HISTORY, Press.LONG),
    ]


def test_a_stuck_button_does_not_fill_up_with_another(panel: Contacts) -> None:
    panel.update(EXERCISE, 1.0, closed=True)
    panel.update(FINISH, 1.5, closed=True)
    panel.update(FINISH, 1.75, closed=False)
    now_s = 1.0 + STUCK * TICK_S
    panel.update(HISTORY, now_s, closed=True)
    panel.poll(now_s + 0.25)
    assert panel.progress(now_s + 0.25) == {EXERCISE: 0.0, HISTORY: pytest.approx(0.32)}


@settings(deadline=None, max_examples=300)  # a busy machine is no failure
@given(plays, st.integers(0, 6000), plays, st.sampled_from(Button))
@example([], 0, [(0, EXERCISE, True), (BOTH, HISTORY, True)], FINISH)
@example([(0, EXERCISE, True)], 10, [(0, EXERCISE, True), (40, EXERCISE, False)], FINISH)
def test_once_a_button_is_stuck_the_others_are_reported_as_if_it_were_not_there(
    before: list[tuple[int, Button, bool]],
    jams: int,
    after: list[tuple[int, Button, bool]],
    stuck: Button,
) -> None:
    earlier = [one for one in dated(before) if one[1] is not stuck]
    jam = 1024 + jams
    # everybody lets go, and comes back once it has been recognised
    let_go = max([jam, *(at for at, *_ in earlier)]) + 1
    later = max(let_go + 2 * DEBOUNCE, jam + STUCK)
    others = [button for button in Button if button is not stuck]
    earlier += [(let_go, button, False) for button in others]
    play = [(at + later, button, down) for at, button, down in dated(after) if button is not stuck]
    panel = new_panel()
    for at, button, down in sorted([*earlier, (jam, stuck, True)], key=lambda one: one[0]):
        panel.update(button, at * TICK_S, closed=down)
    panel.poll(later * TICK_S)
    assert panel.stuck(later * TICK_S) == (stuck,)
    events = []
    for at, button, down in play:
        panel.update(button, at * TICK_S, closed=down)
        events += panel.poll(at * TICK_S)
    assert events + panel.poll(1000.0) == played(play, [])
    assert stuck in panel.stuck(1000.0)
    panel.update(stuck, 1001.0, closed=False)
    assert panel.poll(1002.0) == []  # what was stuck is no press when it comes up
    assert stuck not in panel.stuck(1002.0)


@pytest.mark.parametrize("hold_s", [0.3, 0.8, 5.0])
def test_both_is_recognised_however_late_the_second_button_comes(hold_s: float) -> None:
    panel = Contacts(debounce_s=0.03, hold_s=hold_s)
    panel.update(HISTORY, 1.0, closed=True)
    panel.update(EXERCISE, 1.0 + 0.95 * hold_s, closed=True)
    assert panel.poll(1.0 + 3 * hold_s) == [ButtonEvent(HISTORY, Press.BOTH)]
    assert STUCK_HOLDS > 3


def test_progress_of_both_rises_from_the_moment_the_second_went_down(begun: Contacts) -> None:
    begun.poll(1.375)
    assert begun.progress(1.375) == {HISTORY: pytest.approx(0.48)}
    begun.update(EXERCISE, 1.375, closed=True)
    # not accepted yet, and shown all the same; the first does not jump for what may be a spike
    begun.poll(1.39)
    held = begun.progress(1.39)
    assert held[EXERCISE] == pytest.approx(0.0192)
    assert held[HISTORY] == pytest.approx(0.4992)
    begun.poll(2.15625)
    assert begun.progress(2.15625) == {HISTORY: 0.5, EXERCISE: 0.5}
    begun.poll(3.0)
    assert begun.progress(3.0) == {HISTORY: 1.0, EXERCISE: 1.0}
    begun.update(HISTORY, 3.0, closed=False)
    begun.poll(3.125)
    assert begun.progress(3.125) == {EXERCISE: 1.0}
