"""The database knows how the mirror is: soon, seldom, and only the newest."""

from pathlib import Path
from typing import Any

import pytest

from kiosk.commands import outbox_command
from kiosk.outbox.mirror_health import AGAIN_S, EVERY_S, MirrorHealth
from kiosk.settings import HistorySettings, MirrorSettings, Settings
from kiosk.system.identity import mirror_id
from kiosk.system.mirror_state import MirrorState, StateWriter
from outboxes import Gym, Outbox

WELL = MirrorState(doing="waiting", version="1.2.3", temperature_c=51)
LOST = MirrorState(doing="blind", version="1.2.3", faults=("camera",), temperature_c=83)


def condition(gym: Gym) -> tuple[Any, ...]:
    (row,) = gym.query("SELECT state, faults, temperature_c, reasons FROM gym.conditions")
    return row


def test_a_coach_sees_how_the_mirror_is(gym: Gym, outbox: Outbox) -> None:
    outbox.mirror_state = WELL
    outbox.send()
    assert gym.query("SELECT state, faults, temperature_c FROM gym.health") == [("waiting", [], 51)]
    outbox.mirror_state = LOST
    outbox.now_s += EVERY_S
    outbox.send()
    assert condition(gym) == ("blind", ["camera"], 83, ["camera_lost", "hot", "faults"])
    outbox.mirror_state = WELL
    outbox.now_s += EVERY_S
    outbox.send()
    assert condition(gym)[-1] == []


def test_what_the_mirror_writes_reaches_the_database(
    gym: Gym, outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    StateWriter(tmp_path).update(0.0, "waiting", 0, ["dark"], 61.4, "1.2.3")
    settings = Settings(
        mirror=MirrorSettings(name="Rack 3"), history=HistorySettings(folder=str(tmp_path))
    )
    outbox_command.send(settings, outbox.target, tmp_path / "outbox", lambda _: False)
    assert condition(gym) == ("waiting", ["dark"], 61, ["faults"])
    known = gym.query("SELECT id, name, app_version FROM gym.mirrors")
    assert known == [(mirror_id(), "Rack 3", "1.2.3")]


def test_a_mirror_that_does_not_run_is_unwell_unless_it_is_only_restarted(
    gym: Gym, outbox: Outbox
) -> None:
    outbox.mirror_state = WELL
    outbox.send()
    for ago_s, state, reasons in (
        (EVERY_S, None, []),
        (EVERY_S, WELL, []),
        (EVERY_S, None, []),
        (EVERY_S, None, ["stopped"]),
        (EVERY_S, WELL, []),
    ):
        outbox.mirror_state = state
        outbox.now_s += ago_s
        outbox.send()
        assert condition(gym)[-1] == reasons


def test_nothing_queues_up_while_the_server_is_away(gym: Gym, outbox: Outbox) -> None:
    outbox.mirror_state = WELL
    outbox.send()
    gym.query("ALTER SCHEMA gym RENAME TO away")
    for degrees in range(60, 80):
        outbox.now_s += AGAIN_S
        outbox.mirror_state = MirrorState(doing="set", version="1.2.3", temperature_c=degrees)
        outbox.save()
        assert outbox.sender.step() > 0
        assert outbox.sender.status.error is not None
    gym.query("ALTER SCHEMA away RENAME TO gym")
    outbox.send_on()
    assert gym.query("SELECT temperature_c, hottest_c FROM gym.health") == [(79, 79)]
    assert gym.count() == 20


class Told:
    """What is told over time, without a database."""

    def __init__(self) -> None:
        self.state: MirrorState | None = WELL
        self.now_s = 1000.0
        self.health = MirrorHealth(lambda: self.state, lambda: self.now_s)

    def polls(self, seconds: float, step_s: float = 5.0) -> int:
        """How often it is told in so long a time."""
        told = 0
        for _ in range(int(seconds / step_s)):
            if self.health.poll():
                self.health.note_told()
                told += 1
            self.now_s += step_s
        return told


def test_what_is_as_it_was_is_told_four_times_an_hour() -> None:
    assert Told().polls(3600.0) == 4


def test_sets_that_begin_and_end_are_nothing_new() -> None:
    told = Told()
    told.polls(10.0)
    told.state = MirrorState(doing="set", version="1.2.3", count=3, temperature_c=66)
    assert told.polls(AGAIN_S - 20.0) == 0


@pytest.mark.parametrize("changed", [LOST, MirrorState(doing="waiting", version="1.2.4")])
def test_a_change_is_told_within_three_minutes(changed: MirrorState) -> None:
    told = Told()
    told.polls(10.0)
    told.state = changed
    assert told.polls(EVERY_S) == 1


def test_what_comes_and_goes_all_the_time_is_told_every_three_minutes_at_most() -> None:
    told, times = Told(), 0
    for number in range(720):
        told.state = (WELL, LOST)[number % 2]
        times += told.polls(5.0)
    assert times <= 3600.0 / EVERY_S


def test_a_mirror_that_starts_with_the_outbox_is_not_called_stopped() -> None:
    told = Told()
    told.state = None
    assert told.polls(EVERY_S) == 0
    told.state = WELL
    assert told.polls(10.0) == 1
    assert told.health.newest == WELL
