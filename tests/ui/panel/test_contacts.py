"""One press is one event, however the contact bounces."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.panel.contacts import Contacts

DEBOUNCE_MS = 30
HOLD_MS = 800
SHORT, LONG = (ButtonEvent(Button.FINISH, press) for press in (Press.SHORT, Press.LONG))

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


class Contact(Contacts):
    """One button's contact."""

    def __init__(self) -> None:
        super().__init__(debounce_s=DEBOUNCE_MS / 1000, hold_s=HOLD_MS / 1000)

    def set(self, at_s: float, *, closed: bool) -> list[ButtonEvent]:
        self.update(Button.FINISH, at_s, closed=closed)
        return self.poll(at_s)

    def held(self, now_s: float) -> float | None:
        return self.progress(now_s).get(Button.FINISH)


def changes(played: list[Stroke]) -> list[tuple[int, bool]]:
    """Times in ms at which the contact changes, and to what."""
    now, closed, found = 1000, False, []
    for stroke in played:
        for gaps, after in ((stroke.closing, stroke.held_ms), (stroke.opening, stroke.idle_ms)):
            for gap in [*gaps, after]:
                closed = not closed
                found.append((now, closed))
                now += gap
    return found


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(strokes, max_size=5), st.sets(st.integers(1000, 20_000), max_size=20))
def test_bounces_of_any_pattern_make_one_event_a_stroke(
    played: list[Stroke], polled: set[int]
) -> None:
    contact = Contact()
    events = []
    moments = sorted([*changes(played), *((at, None) for at in polled)], key=lambda one: one[0])
    for at_ms, closed in moments:
        at_s = at_ms / 1000
        events += contact.poll(at_s) if closed is None else contact.set(at_s, closed=closed)
    events += contact.poll(1000.0)
    assert events == [LONG if stroke.held_ms > HOLD_MS else SHORT for stroke in played]


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.tuples(st.integers(0, 200), st.booleans())))
def test_after_any_noise_a_clean_press_counts_once(noise: list[tuple[int, bool]]) -> None:
    contact = Contact()
    now_s = 0.0
    for gap_ms, closed in noise:
        now_s += gap_ms / 1000
        contact.set(now_s, closed=closed)
    contact.set(now_s, closed=False)
    contact.poll(now_s + 1)
    assert contact.set(now_s + 2.0, closed=True) == []
    assert contact.set(now_s + 2.2, closed=False) == []
    assert contact.poll(now_s + 3) == [SHORT]
    assert contact.poll(now_s + 4) == []


def test_a_long_press_is_reported_while_held_and_once() -> None:
    contact = Contact()
    contact.set(1.0, closed=True)
    assert contact.poll(1.79) == []
    assert contact.poll(1.81) == [LONG]
    assert contact.poll(9.0) == []
    assert contact.set(9.1, closed=False) == []
    assert contact.poll(10.0) == []


def test_a_spike_shorter_than_the_debounce_time_is_nothing() -> None:
    contact = Contact()
    contact.set(1.0, closed=True)
    contact.set(1.02, closed=False)
    assert contact.poll(5.0) == []


def test_a_release_between_two_late_polls_is_dated_by_its_edge() -> None:
    contact = Contact()
    contact.set(1.0, closed=True)
    contact.update(Button.FINISH, 1.5, closed=False)
    # polled only long after the hold time, and yet short
    assert contact.poll(4.0) == [SHORT]


def test_a_release_not_yet_certain_at_the_hold_time_stays_short() -> None:
    contact = Contact()
    contact.set(1.0, closed=True)
    contact.set(1.79, closed=False)
    assert contact.poll(1.81) == []
    assert contact.poll(1.9) == [SHORT]


def test_a_missed_release_is_corrected_by_the_level() -> None:
    contact = Contact()
    contact.set(1.0, closed=True)
    contact.poll(1.9)
    contact.set(2.0, closed=False)
    contact.poll(2.1)
    contact.set(3.0, closed=True)
    contact.set(3.2, closed=False)
    assert contact.poll(3.3) == [SHORT]


def test_time_that_steps_back_is_held() -> None:
    contact = Contact()
    contact.set(5.0, closed=True)
    contact.set(4.0, closed=False)
    contact.set(4.1, closed=True)
    assert contact.poll(5.5) == []
    assert contact.poll(5.81) == [LONG]


def test_progress_fills_up_while_held() -> None:
    contact = Contact()
    assert contact.held(1.0) is None
    contact.set(1.0, closed=True)
    contact.poll(1.04)
    assert contact.held(1.4) == pytest.approx(0.5)
    contact.poll(3.0)
    assert contact.held(3.0) == 1.0
    contact.set(3.1, closed=False)
    assert contact.held(3.1) == 1.0
    contact.poll(3.2)
    assert contact.held(3.2) is None


def test_a_button_shows_progress_with_its_first_contact_and_is_reported_later() -> None:
    contact = Contact()
    contact.set(1.0, closed=True)
    assert contact.held(1.0) == 0.0
    assert contact.held(1.01) == pytest.approx(0.01 / 0.8)


@settings(deadline=None)  # a busy machine is no failure
@given(bounce, bounce)
def test_no_bounce_interrupts_the_progress(closing: list[int], opening: list[int]) -> None:
    contact = Contact()
    stroke = Stroke(closing, 300, opening, 500)
    moments = dict(changes([stroke]))
    begins, released = min(moments), max(moments)
    shown = []
    for now_ms in range(begins, released + 100):
        if now_ms in moments:
            contact.set(now_ms / 1000, closed=moments[now_ms])
        contact.poll(now_ms / 1000)
        shown.append(contact.held(now_ms / 1000) is not None)
    assert shown.index(False) == pytest.approx(released - begins + DEBOUNCE_MS, abs=1)
    assert True not in shown[shown.index(False) :]


def test_a_spike_shows_for_the_debounce_time_and_not_longer() -> None:
    contact = Contact()
    contact.set(1.0, closed=True)
    contact.set(1.005, closed=False)
    assert contact.held(1.03) == 0.0
    assert contact.held(1.04) is None


def test_presses_of_several_buttons_come_in_the_order_they_happened() -> None:
    contacts = Contacts(debounce_s=0.03, hold_s=0.8)
    contacts.update(Button.HISTORY, 1.0, closed=True)
    contacts.update(Button.HISTORY, 1.2, closed=False)
    contacts.update(Button.EXERCISE, 1.21, closed=True)
    contacts.update(Button.EXERCISE, 1.3, closed=False)
    assert contacts.poll(2.0) == [
        ButtonEvent(Button.HISTORY, Press.SHORT),
        ButtonEvent(Button.EXERCISE, Press.SHORT),
    ]
    assert contacts.poll(2.1) == []
    contacts.update(Button.FINISH, 3.0, closed=True)
    assert contacts.poll(3.4) == []
    assert contacts.progress(3.4) == {Button.FINISH: pytest.approx(0.5)}
