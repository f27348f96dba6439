"""The session's own decisions, on bodies and reps that are written down here."""

from dataclasses import replace
from itertools import pairwise

import pytest
from coaching.scripted import rep
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from kiosk.body.observer import BodyObserver
from kiosk.body.state import BodyState
from kiosk.coaching.record import Ended, Rep
from kiosk.coaching.session import (
    FAR_PART,
    FAREWELL_S,
    GONE_S,
    IDLE_S,
    NEAR_PART,
    SIDE_ON_DEG,
    STUCK_S,
    SUMMARY_S,
    WHOLE,
    BystanderFilter,
    Session,
    framing,
)
from kiosk.coaching.snapshot import Stage
from people import FEW, figure, film


def standing() -> BodyState:
    observer = BodyObserver()
    body = [observer.observe(pose) for pose in film(3, figure)][-1]
    assert body is not None
    return body


STANDS = standing()


class Clock:
    """A session and its time."""

    def __init__(self) -> None:
        self.session = Session("hip_hinge")
        self.now_s = 0.0

    def step(
        self,
        *reps: Rep,
        after_s: float = 0.1,
        body: BodyState | None = STANDS,
        pending: Rep | None = None,
        moving: bool = False,
        bystander: bool | None = None,
    ) -> bool:
        self.now_s += after_s
        return self.session.update(
            self.now_s, body, list(reps), pending, still=True, moving=moving, bystander=bystander
        )

    @property
    def counted(self) -> list[int]:
        assert self.session.current is not None
        return [one.number for one in self.session.current.counted]


def in_a_set() -> Clock:
    clock = Clock()
    clock.step()
    clock.step(rep(1))
    assert clock.session.stage is Stage.SET
    return clock


def test_nobody_is_waited_for_and_whoever_stands_well_is_ready() -> None:
    clock = Clock()
    clock.step(body=None)
    assert clock.session.stage is Stage.WAITING
    clock.step(body=structs.replace(STANDS, yaw_deg=SIDE_ON_DEG + 1))
    assert clock.session.stage is Stage.FRAMING
    clock.step()
    assert clock.session.stage is Stage.READY
    clock.step(body=structs.replace(STANDS, yaw_deg=SIDE_ON_DEG + 1))
    assert clock.session.stage is Stage.READY, "who was placed well may waver"
    clock.step(body=None, after_s=GONE_S - 0.2)
    assert clock.session.stage is Stage.READY
    clock.step(body=None, after_s=0.3)
    assert (clock.session.stage, clock.session.framing) == (Stage.WAITING, ())


@pytest.mark.parametrize(
    ("moving", "seconds"), [(False, IDLE_S), (True, STUCK_S)], ids=["idle", "stuck"]
)
def test_a_set_ends_when_nothing_is_done_for_long(*, moving: bool, seconds: float) -> None:
    clock = in_a_set()
    assert not clock.step(after_s=seconds - 0.1, moving=moving)
    assert clock.step(after_s=0.2, moving=moving)


def test_a_set_ends_when_nobody_is_seen() -> None:
    clock = in_a_set()
    assert not clock.step(after_s=GONE_S - 0.1, body=None)
    assert clock.step(after_s=0.2, body=None)


def test_a_rep_that_counts_already_opens_its_set() -> None:
    clock = Clock()
    clock.step()
    clock.step(pending=rep(1))
    assert clock.session.stage is Stage.SET
    assert clock.counted == []
    clock.step(rep(1))
    assert clock.counted == [1]


@pytest.mark.parametrize(
    ("reason", "opens"), [("too_shallow", True), ("not_back_up", True), ("too_fast", False)]
)
def test_an_attempt_opens_a_set_of_somebody_who_stood_ready(reason: str, *, opens: bool) -> None:
    missed = replace(rep(0, counted=False), partial_reason=reason)
    clock = Clock()
    clock.step(missed)
    assert clock.session.stage is not Stage.SET, "who has just come does not stand ready"
    assert clock.session.stray == (missed,)
    clock.step()
    clock.step(missed)
    assert (clock.session.stage is Stage.SET) is opens


@given(st.lists(st.booleans(), min_size=1, max_size=12))
@FEW
def test_reps_are_numbered_and_partials_carry_the_number_before(counted: list[bool]) -> None:
    clock = in_a_set()
    for one in counted:
        clock.step(rep(0, counted=one))
    assert clock.session.current is not None
    numbers = [one.number for one in clock.session.current.reps]
    assert clock.counted == list(range(1, 2 + sum(counted)))
    assert all(after - before in (0, 1) for before, after in pairwise(numbers))


def test_a_set_without_a_counted_rep_is_forgotten() -> None:
    clock = Clock()
    clock.step()
    clock.step(replace(rep(0, counted=False), partial_reason="too_shallow"))
    assert clock.session.stage is Stage.SET
    clock.session.close(clock.now_s, Ended.BUTTON, [])
    assert (clock.session.stage, clock.session.current) == (Stage.FRAMING, None)


def test_the_last_rep_may_come_with_the_end() -> None:
    clock = in_a_set()
    last = rep(2)
    clock.session.close(clock.now_s, Ended.BUTTON, [last])
    current = clock.session.current
    assert current is not None
    assert (clock.counted, current.ended, current.ended_s) == ([1, 2], Ended.BUTTON, last.end_s)


@pytest.mark.parametrize(
    ("body", "seconds", "stage"),
    [(STANDS, SUMMARY_S, Stage.FRAMING), (None, FAREWELL_S, Stage.WAITING)],
)
def test_a_summary_leaves_sooner_when_nobody_stays(
    body: BodyState | None, seconds: float, stage: Stage
) -> None:
    clock = in_a_set()
    clock.session.close(clock.now_s, Ended.IDLE, [])
    clock.step(body=body, after_s=seconds - 0.1)
    assert clock.session.stage is Stage.SUMMARY
    clock.step(body=body, after_s=0.2)
    assert clock.session.stage is stage


def test_serials_go_on_and_another_exercise_puts_a_summary_away() -> None:
    clock = in_a_set()
    clock.session.close(clock.now_s, Ended.SWITCHED, [])
    clock.session.switch("squat")
    assert clock.session.stage is Stage.FRAMING
    clock.step(rep(1))
    current = clock.session.current
    assert current is not None
    assert (current.serial, current.exercise) == (2, "squat")


# -- what is asked for before a set ---------------------------------------------------------------


def met(body: BodyState, *, alone: bool | None = None) -> dict[str, bool]:
    return {step.name: step.met for step in framing(body, still=True, alone=alone)}


def filling(part: float) -> BodyState:
    """Somebody whose standing body fills this part of the picture's height."""
    assert STANDS.standing is not None
    height_px = part * STANDS.outline.picture_height_px / WHOLE
    outline = structs.replace(STANDS.standing.outline, height_px=height_px)
    return structs.replace(STANDS, standing=structs.replace(STANDS.standing, outline=outline))


def test_a_body_fills_neither_too_little_nor_too_much_of_the_picture() -> None:
    assert not met(filling(FAR_PART - 0.01))["distance"]
    assert met(filling(FAR_PART + 0.01))["distance"]
    assert met(filling(NEAR_PART - 0.01))["whole_body"]
    assert not met(filling(NEAR_PART + 0.01))["whole_body"]


def test_being_alone_is_a_step_only_where_somebody_looked() -> None:
    assert "alone" not in met(STANDS)
    assert met(STANDS, alone=False)["alone"] is False


@given(st.lists(st.sampled_from([True, False, None]), max_size=20))
@FEW
def test_one_reading_never_changes_the_answer_and_two_always_do(
    readings: list[bool | None],
) -> None:
    bystanders = BystanderFilter()
    known: list[bool] = []
    for reading in readings:
        before = bystanders.alone
        bystanders.update(reading)
        if reading is not None:
            known.append(reading)
        if known[-2:] in ([True, True], [False, False]):
            assert bystanders.alone is not known[-1]
        elif before is not None:
            assert bystanders.alone is before
        assert (bystanders.alone is None) == (not known)
