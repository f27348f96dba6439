"""A wall clock that jumps, or never knew the time: reps keep their tempo, sets their order."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from history.records import closed, record, rep

from kiosk.coaching.record import Rep
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.settings import CoachSettings, ScreenSettings
from kiosk.system.wall_clock import RELEASED_S
from mirror_harness import WORDS, MirrorHarness, counted, over, reading, turns, warned

NOON_S = datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()
HOURS = 3600.0


def reps_under(harness: MirrorHarness, folder: Path, wall_clock: Callable[[], float]) -> list[Rep]:
    harness.folder = folder
    harness.reader = Reader(folder)
    # the back is observed in real time
    coach = CoachSettings(back_line=False)
    with harness.mirror(wall_clock=wall_clock, coach=coach) as mirror:
        turns(mirror, over(mirror))
    (stored,) = harness.reader.recent(9)
    assert stored.reps == 4
    assert stored.started_at.timestamp() == pytest.approx(NOON_S, abs=60.0)
    assert stored.duration_s is not None
    assert 0.0 < stored.duration_s < 60.0
    return harness.reader.reps_of(stored.id)


@pytest.mark.parametrize("jump_s", [7 * HOURS, -7 * HOURS])
def test_a_clock_that_jumps_in_mid_set_changes_no_tempo_and_no_date(
    harness: MirrorHarness, tmp_path: Path, jump_s: float
) -> None:
    jumped: list[int] = []

    def wall_clock() -> float:
        if harness.lockstep.now_s > 10.0:
            jumped.append(1)
            return NOON_S + jump_s
        return NOON_S

    steady = reps_under(harness, tmp_path / "steady", lambda: NOON_S)
    again = MirrorHarness(tmp_path, harness.monkeypatch)
    harness.lockstep = again.lockstep
    assert reps_under(again, tmp_path / "jumps", wall_clock) == steady
    assert jumped
    assert all(s >= 0.0 for rep in steady for s in (rep.tempo.eccentric_s, rep.tempo.concentric_s))


def test_a_clock_of_1970_is_told_of_and_files_behind_the_last_set(
    harness: MirrorHarness, caplog: pytest.LogCaptureFixture
) -> None:
    with harness.mirror(wall_clock=lambda: NOON_S) as mirror:
        turns(mirror, over(mirror))
    (before,) = harness.reader.recent(9)
    again = MirrorHarness(harness.folder.parent, harness.monkeypatch)
    assert warned(caplog) == []
    with again.mirror(wall_clock=lambda: 42.0) as mirror:
        scene = mirror.turn()
        assert scene is not None
        assert scene.today == before.started_at.date()
        assert scene.notices == (WORDS("notice.clock"),)
        assert WORDS("notice.clock") in reading(mirror)
        assert turns(mirror, counted(1)).notices == ()
        turns(mirror, over(mirror))
    newest, oldest = again.reader.recent(9)
    assert oldest == before
    assert newest.reps == 4
    assert 0.0 <= (newest.started_at - before.started_at).total_seconds() < HOURS
    (line,) = warned(caplog)
    assert "the clock is wrong" in line


def test_the_first_set_of_all_is_of_no_year_before_the_release(harness: MirrorHarness) -> None:
    with harness.mirror(wall_clock=lambda: 42.0) as mirror:
        turns(mirror, over(mirror))
    (stored,) = harness.reader.recent(9)
    assert stored.reps == 4
    assert stored.started_at.timestamp() >= RELEASED_S


def test_a_history_that_cannot_be_read_leaves_the_release_as_the_date(
    harness: MirrorHarness, tmp_path: Path
) -> None:
    harness.folder.mkdir()
    Store(harness.folder).close()
    (harness.folder / "history.sqlite3").write_bytes(b"not a database" * 500)
    with harness.mirror(wall_clock=lambda: 42.0) as mirror:
        scene = mirror.turn()
        assert scene is not None
        assert scene.today is not None
        assert scene.today.year == 2026


@pytest.mark.parametrize("behind_s", [15 * HOURS, 90 * 24 * HOURS])
def test_a_plausible_clock_before_the_newest_set_is_told_of_and_files_behind_it(
    harness: MirrorHarness, behind_s: float
) -> None:
    with closing(Store(harness.folder)) as store:
        store.save(closed(record(1, rep(1))), NOON_S)
    with harness.mirror(wall_clock=lambda: NOON_S - behind_s) as mirror:
        scene = mirror.turn()
        assert scene is not None
        assert scene.notices == (WORDS("notice.clock"),)
        turns(mirror, over(mirror))
    newest, oldest = harness.reader.recent(9)
    assert newest.reps == 4
    assert 0.0 <= (newest.started_at - oldest.started_at).total_seconds() < HOURS


@pytest.mark.parametrize(("place", "years"), [(0, 20), (2, 2), (4, 2)])
def test_one_set_of_the_far_future_makes_no_later_clock_wrong(
    harness: MirrorHarness, place: int, years: int
) -> None:
    with closing(Store(harness.folder)) as store:
        for serial in range(5):
            at = NOON_S + (years * 365 * 24 if serial == place else serial - 9) * HOURS
            store.save(closed(record(serial + 1, rep(1))), at)
    with harness.mirror(wall_clock=lambda: NOON_S) as mirror:
        scene = mirror.turn()
        assert scene is not None
        assert scene.notices == ()
        turns(mirror, over(mirror))
    assert harness.reader.recent(1)[0].started_at.timestamp() == pytest.approx(NOON_S, abs=60.0)


@pytest.mark.parametrize(("wanted", "wrong"), [(True, False), (True, True), (False, False)])
def test_the_screen_shows_the_time_only_where_it_may_be_right(
    harness: MirrorHarness, *, wanted: bool, wrong: bool
) -> None:
    screen = ScreenSettings(width=480, height=800, fullscreen=False, clock=wanted)
    at_s = 0.0 if wrong else NOON_S
    with harness.mirror(wall_clock=lambda: at_s, screen=screen) as mirror:
        local = datetime.fromtimestamp(NOON_S, UTC).astimezone()
        assert mirror.turn().clock == (local.time() if wanted and not wrong else None)
