"""One press, one event, whatever the contact does."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.panel.button import Button, ButtonEvent, Press
from kiosk.panel.debounce import Contacts, Debouncer

DEBOUNCE_MS = 30
HOLD_MS = 800

# an odd number of changes closer together than the debounce time: the level ends up changed
bounce = st.lists(st.integers(1, DEBOUNCE_MS - 1), max_size=8).map(
    lambda gaps: gaps[: len(gaps) // 2 * 2]
)


@dataclass(frozen=True)
class Stroke:
    closing: list[int]
    held_ms: int
    opening: list[int]
    idle_ms: int


strokes = st.builds(
    Stroke,
    closing=bounce,
    # short ones leave room for the bounces of the release, which may belong to the hold
    held_ms=st.integers(DEBOUNCE_MS + 1, HOLD_MS - 8 * DEBOUNCE_MS)
    | st.integers(HOLD_MS + 1, 3000),
    opening=bounce,
    idle_ms=st.integers(DEBOUNCE_MS + 1, 1000),
)


def debouncer() -> Debouncer:
    return Debouncer(debounce_s=DEBOUNCE_MS / 1000, hold_s=HOLD_MS / 1000)


def changes(played: list[Stroke]) -> list[tuple[int, bool]]:
    """Times in ms at which the contact changes, and to what."""
    now, down, told = 1000, False, []
    for stroke in played:
        for gaps, after in ((stroke.closing, stroke.held_ms), (stroke.opening, stroke.idle_ms)):
            for gap in [*gaps, after]:
                down = not down
                told.append((now, down))
                now += gap
    return told


def presses(told: list[tuple[float, Press]]) -> list[Press]:
    return [press for _, press in told]


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(strokes, max_size=5), st.sets(st.integers(1000, 20_000), max_size=20))
def test_bounces_of_any_pattern_make_one_event_a_stroke(
    played: list[Stroke], polled: set[int]
) -> None:
    contact = debouncer()
    told = []
    moments = sorted([*changes(played), *((at, None) for at in polled)], key=lambda one: one[0])
    for at_ms, down in moments:
        at_s = at_ms / 1000
        told += contact.advance(at_s) if down is None else contact.level(at_s, down=down)
    told += contact.advance(1000.0)
    long = [stroke.held_ms > HOLD_MS for stroke in played]
    assert presses(told) == [Press.LONG if one else Press.SHORT for one in long]


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.tuples(st.integers(0, 200), st.booleans())))
def test_after_any_noise_a_clean_press_counts_once(noise: list[tuple[int, bool]]) -> None:
    contact = debouncer()
    now_s = 0.0
    for gap_ms, down in noise:
        now_s += gap_ms / 1000
        contact.level(now_s, down=down)
    contact.level(now_s, down=False)
    contact.advance(now_s + 1)
    assert contact.level(now_s + 2.0, down=True) == []
    assert contact.level(now_s + 2.2, down=False) == []
    assert presses(contact.advance(now_s + 3)) == [Press.SHORT]
    assert contact.advance(now_s + 4) == []


def test_a_long_press_is_told_while_held_and_once() -> None:
    contact = debouncer()
    contact.level(1.0, down=True)
    assert contact.advance(1.79) == []
    assert contact.advance(1.81) == [(1.8, Press.LONG)]
    assert contact.advance(9.0) == []
    assert contact.level(9.1, down=False) == []
    assert contact.advance(10.0) == []


def test_a_spike_shorter_than_the_debounce_time_is_nothing() -> None:
    contact = debouncer()
    contact.level(1.0, down=True)
    contact.level(1.02, down=False)
    assert contact.advance(5.0) == []


def test_a_release_between_two_late_polls_is_dated_by_its_edge() -> None:
    contact = debouncer()
    contact.level(1.0, down=True)
    contact.level(1.5, down=False)
    # seen only long after the hold time, and yet short
    assert contact.advance(4.0) == [(1.5, Press.SHORT)]


def test_a_release_not_yet_certain_at_the_hold_time_stays_short() -> None:
    contact = debouncer()
    contact.level(1.0, down=True)
    contact.level(1.79, down=False)
    assert contact.advance(1.81) == []
    assert presses(contact.advance(1.9)) == [Press.SHORT]


def test_a_missed_release_is_made_good_by_the_level() -> None:
    contact = debouncer()
    contact.level(1.0, down=True)
    contact.advance(1.9)
    contact.level(2.0, down=False)
    contact.advance(2.1)
    contact.level(3.0, down=True)
    contact.level(3.2, down=False)
    assert presses(contact.advance(3.3)) == [Press.SHORT]


def test_time_that_steps_back_is_held() -> None:
    contact = debouncer()
    contact.level(5.0, down=True)
    contact.level(4.0, down=False)
    contact.level(4.1, down=True)
    assert contact.advance(5.5) == []
    assert presses(contact.advance(5.81)) == [Press.LONG]


def test_progress_fills_up_while_held() -> None:
    contact = debouncer()
    assert contact.progress(1.0) is None
    contact.level(1.0, down=True)
    contact.advance(1.03)
    assert contact.progress(1.4) == pytest.approx(0.5)
    contact.advance(3.0)
    assert contact.progress(3.0) == 1.0
    contact.level(3.1, down=False)
    contact.advance(3.2)
    assert contact.progress(3.2) is None


def test_presses_of_several_buttons_come_in_the_order_they_happened() -> None:
    contacts = Contacts(debounce_s=0.03, hold_s=0.8)
    contacts.level(Button.HISTORY, 1.0, down=True)
    contacts.level(Button.EXERCISE, 1.1, down=True)
    contacts.level(Button.HISTORY, 1.2, down=False)
    contacts.level(Button.EXERCISE, 1.3, down=False)
    assert contacts.poll(2.0) == [
        ButtonEvent(Button.HISTORY, Press.SHORT),
        ButtonEvent(Button.EXERCISE, Press.SHORT),
    ]
    assert contacts.poll(2.1) == []
    contacts.level(Button.FINISH, 3.0, down=True)
    assert contacts.poll(3.4) == []
    assert contacts.progress(3.4) == {Button.FINISH: pytest.approx(0.5)}
