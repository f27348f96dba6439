"""What Home Assistant is told is read from files, and only when they have changed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.history.history_files import FILE_NAME
from kiosk.history.store import Store
from kiosk.outbox.home_discovery import Topics
from kiosk.outbox.home_values import Values
from kiosk.training.facts import Facts

TOPICS = Topics.of(UUID(int=1), "homeassistant")


class Days:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime.fromtimestamp(MORNING + 600, UTC).astimezone()

    def __call__(self) -> datetime:
        return self.now


def values_of(folder: Path, now: Days) -> Values:
    return Values(folder, TOPICS, "1.0", with_lifter=False, now=now, state=lambda: None)


def store_set(folder: Path, serial: int, reps: int) -> None:
    store = Store(folder, run="test")
    store.save(closed(record(serial, *(rep(n) for n in range(reps)))), MORNING, Facts())
    store.close()


def test_the_history_is_read_when_it_has_changed_and_at_no_other_time(
    tmp_path: Path, statements: list[str]
) -> None:
    store_set(tmp_path, 1, 5)
    values = values_of(tmp_path, Days())
    statements.clear()
    assert values.read()[TOPICS.state("reps_today")] == "5"
    assert statements
    statements.clear()
    for _ in range(100):
        assert values.read()[TOPICS.state("reps_today")] == "5"
    assert statements == []
    store_set(tmp_path, 2, 3)
    found = values.read()
    assert (found[TOPICS.state("reps_today")], found[TOPICS.state("sets_today")]) == ("8", "2")


def test_a_new_day_begins_with_none(tmp_path: Path) -> None:
    store_set(tmp_path, 1, 5)
    days = Days()
    values = values_of(tmp_path, days)
    before = values.read()
    days.now += timedelta(days=1)
    after = values.read()
    assert after[TOPICS.state("reps_today")] == "0"
    assert after[TOPICS.state("last_set")] == before[TOPICS.state("last_set")] != "None"


def test_no_history_yet_is_a_day_without_sets(tmp_path: Path) -> None:
    found = values_of(tmp_path, Days()).read()
    assert found[TOPICS.state("sets_today")] == "0"
    assert found[TOPICS.state("last_set")] == "None"


def test_a_damaged_history_is_unknown_and_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1000)
    values = values_of(tmp_path, Days())
    for _ in range(3):
        assert values.read()[TOPICS.state("reps_today")] == "None"
    assert len(caplog.messages) == 1
