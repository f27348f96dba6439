"""Lifters, loads, targets and corrections change no count and no verdict."""

import json
from datetime import UTC, datetime
from itertools import cycle

import pytest
from stored import FakeReader, FakeSets

from kiosk.app.controller import Controller
from kiosk.app.pipeline import Pipeline
from kiosk.app.set_facts import SetFacts
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Ended, SetRecord
from kiosk.coaching.snapshot import Stage
from kiosk.exercises.catalogue import catalogue
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.sound.speaker import Speaker
from kiosk.vision.pose.source import TracedPoses
from kiosk.vision.pose.trace import read_trace
from paths import TRACES

EXPECTED = json.loads((TRACES / "expected.json").read_text())
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EXERCISE, FINISH, HISTORY = (ButtonEvent(button, Press.SHORT) for button in Button)


def replayed(name: str, exercise: str, *, busy: bool) -> list[SetRecord]:
    """The sets of a trace; busy is a lifter who chooses a place and answers all that is asked."""
    kept: dict[int, SetRecord] = {}
    sets, reader = FakeSets(), FakeReader()
    facts = SetFacts(reader, sets, catalogue(), {}, unit="kg", places=8, rest="down")

    def keep(record: SetRecord) -> None:
        kept[record.serial] = record
        facts.of(record)

    pipeline = Pipeline(
        TracedPoses(read_trace(TRACES / f"{name}.npz")), Coach(catalogue()[exercise]), keep
    )
    controller = Controller(pipeline, reader, Speaker(None), sets, facts, catalogue())
    # heavier, lighter, enter; one more, one fewer; never Done, which would end the summary sooner
    presses = cycle((HISTORY, EXERCISE, FINISH, HISTORY, HISTORY, EXERCISE))
    entered = False
    while pipeline.step():
        if not busy:
            continue
        snapshot = pipeline.snapshot
        assert snapshot is not None
        controller.update(snapshot.time_s, active=False)
        if snapshot.stage in (Stage.FRAMING, Stage.READY) and facts.lifter == 0:
            controller.press(FINISH, NOON, snapshot.time_s, 1)
        elif snapshot.stage is Stage.SUMMARY and snapshot.suggested is None:
            press = next(presses)
            if press is not FINISH or facts.asks_load:
                controller.press(press, NOON, snapshot.time_s, 1)
                entered = entered or press is FINISH
    pipeline.finish(Ended.SOURCE_ENDED)
    assert bool(sets.described) is (busy and entered) or not entered
    return list(kept.values())


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_what_people_choose_and_enter_changes_no_rep(name: str) -> None:
    exercise = EXPECTED[name].get("exercise") or "deadlift"
    assert replayed(name, exercise, busy=True) == replayed(name, exercise, busy=False)
