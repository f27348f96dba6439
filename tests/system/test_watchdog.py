"""What systemd is told, picture by picture."""

import pytest

from kiosk.system.liveness import FRAME_S, Heartbeats
from kiosk.system.watchdog import FEED_S, GRACE_S, Watchdog


class Told:
    """A lifeline and all that it said."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.lifeline = Watchdog(lambda *words: self.words.extend(words))

    def picture(self, now_s: float, frame: int, fault: str | None = None) -> list[str]:
        signs = Heartbeats(camera=frame, gives_frames=fault is None, looks=frame)
        before = len(self.words)
        self.lifeline.drawn(now_s, signs, fault)
        return self.words[before:]


def test_the_first_picture_makes_the_service_ready() -> None:
    told = Told()
    assert told.words == []
    assert told.picture(5.0, 1) == ["READY=1", "STATUS=running", "WATCHDOG=1"]
    assert told.picture(5.0 + FEED_S, 2) == ["WATCHDOG=1"]


def test_the_watchdog_is_fed_once_a_second_at_thirty_pictures_a_second() -> None:
    told = Told()
    for n in range(301):
        told.picture(n / 30, n)
    assert 9 <= told.words.count("WATCHDOG=1") <= 11


def test_a_fault_is_the_status_and_goes_with_the_fault() -> None:
    told = Told()
    told.picture(0.0, 1)
    assert told.picture(0.1, 2, "no camera") == ["STATUS=no camera"]
    assert told.picture(0.2, 3, "no camera") == []
    assert told.picture(0.3, 4) == ["STATUS=running"]


def test_a_stale_mirror_starves_the_watchdog_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = Told()
    told.picture(0.0, 1)
    late_s = FRAME_S + 0.1
    assert told.picture(late_s, 1) == ["STATUS=the camera hangs"]
    assert told.picture(late_s + GRACE_S - 0.1, 1) == []
    assert len(caplog.records) == 1
    assert told.picture(late_s + GRACE_S - 0.05, 2) == ["STATUS=running", "WATCHDOG=1"]


def test_a_mirror_that_stays_stale_calls_the_watchdog_once() -> None:
    told = Told()
    told.picture(0.0, 1)
    late_s = FRAME_S + 0.1
    told.picture(late_s, 1)
    assert told.picture(late_s + GRACE_S, 1) == ["WATCHDOG=trigger"]
    assert told.picture(late_s + GRACE_S + 1.0, 1) == []


def test_a_mirror_that_came_back_has_its_whole_grace_again() -> None:
    told = Told()
    told.picture(0.0, 1)
    told.picture(FRAME_S + 0.1, 1)
    told.picture(FRAME_S + 1.0, 2)
    late_s = 2 * FRAME_S + 1.1
    assert told.picture(late_s, 2) == ["STATUS=the camera hangs"]
    assert told.picture(late_s + GRACE_S - 0.1, 2) == []


def test_the_end_is_told() -> None:
    told = Told()
    told.lifeline.close()
    assert told.words == ["STOPPING=1"]
