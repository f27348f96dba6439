"""What systemd hears picture by picture, and when a thread that hangs stops the pings."""

import itertools
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.system.watchdog import (
    ATTEMPT_S,
    FRAME_S,
    GRACE_S,
    PING_S,
    POSE_S,
    Heartbeats,
    Watchdog,
    notify,
    ping_s,
)
from kiosk.vision.camera import usb
from kiosk.vision.camera.live import FRAME_S as LIVE_FRAME_S
from kiosk.vision.camera.live import RETRY_S
from kiosk.vision.camera.picam import CLOSE_TIMEOUT_S, FRAME_TIMEOUT_S

STEP_S = 0.1


class Sent:
    """A watchdog and all that it has sent."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.watchdog = Watchdog(lambda *lines: self.lines.extend(lines))

    def picture(self, now_s: float, frame: int, fault: str | None = None) -> list[str]:
        heartbeats = Heartbeats(camera=frame, gives_frames=fault is None, perception=frame)
        before = len(self.lines)
        self.watchdog.update(now_s, heartbeats, fault)
        return self.lines[before:]


def test_the_first_picture_makes_the_service_ready() -> None:
    sent = Sent()
    assert sent.lines == []
    assert sent.picture(5.0, 1) == ["READY=1", "STATUS=running", "WATCHDOG=1"]
    assert sent.picture(5.0 + PING_S, 2) == ["WATCHDOG=1"]


def test_the_watchdog_is_pinged_once_a_second_at_thirty_pictures_a_second() -> None:
    sent = Sent()
    for n in range(301):
        sent.picture(n / 30, n)
    assert 9 <= sent.lines.count("WATCHDOG=1") <= 11


@pytest.mark.parametrize("usec", [200_000, 1_000_000, 1_500_000, 3_000_000, 30_000_000, 10**15])
def test_whatever_time_systemd_allows_is_met(usec: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", str(usec))
    sent = Sent()
    pinged_s = [n / 30 for n in range(901) if "WATCHDOG=1" in sent.picture(n / 30, n)]
    assert pinged_s[0] == 0.0
    longest_s = max(b - a for a, b in itertools.pairwise(pinged_s))
    assert longest_s <= max(usec / 2e6, 1 / 30 + 1e-6)
    assert longest_s <= PING_S


@pytest.mark.parametrize("usec", ["", "0", "-5", "soon", "1e6", "٣", "9" * 30])
def test_a_time_that_is_none_is_pinged_as_ever(usec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", usec)
    assert ping_s() == PING_S
    monkeypatch.setenv("WATCHDOG_USEC", "200000")
    monkeypatch.setenv("WATCHDOG_PID", "1")
    assert ping_s() == PING_S


def test_a_fault_is_the_status_and_goes_with_the_fault() -> None:
    sent = Sent()
    sent.picture(0.0, 1)
    assert sent.picture(0.1, 2, "no camera") == ["STATUS=no camera"]
    assert sent.picture(0.2, 3, "no camera") == []
    assert sent.picture(0.3, 4) == ["STATUS=running"]


def test_a_stale_mirror_starves_the_watchdog_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sent = Sent()
    sent.picture(0.0, 1)
    late_s = FRAME_S + 0.1
    assert sent.picture(late_s, 1) == ["STATUS=the camera hangs"]
    assert sent.picture(late_s + GRACE_S - 0.1, 1) == []
    assert len(caplog.records) == 1
    assert sent.picture(late_s + GRACE_S - 0.05, 2) == ["STATUS=running", "WATCHDOG=1"]


def test_a_mirror_that_stays_stale_triggers_the_watchdog_once() -> None:
    sent = Sent()
    sent.picture(0.0, 1)
    late_s = FRAME_S + 0.1
    sent.picture(late_s, 1)
    assert sent.picture(late_s + GRACE_S, 1) == ["WATCHDOG=trigger"]
    assert sent.picture(late_s + GRACE_S + 1.0, 1) == []


def test_a_mirror_that_came_back_has_its_whole_grace_again() -> None:
    sent = Sent()
    sent.picture(0.0, 1)
    sent.picture(FRAME_S + 0.1, 1)
    sent.picture(FRAME_S + 1.0, 2)
    late_s = 2 * FRAME_S + 1.1
    assert sent.picture(late_s, 2) == ["STATUS=the camera hangs"]
    assert sent.picture(late_s + GRACE_S - 0.1, 2) == []


def test_the_end_is_reported() -> None:
    sent = Sent()
    sent.watchdog.close()
    assert sent.lines == ["STOPPING=1"]


class Threads:
    """The heartbeats of a mirror's threads over time, and which of them counts as stale."""

    def __init__(self) -> None:
        self.watchdog = Watchdog(lambda *_: None)
        self.now_s = 100.0
        self.heartbeats = Heartbeats(camera=1, gives_frames=True, perception=1)

    def lives(self, seconds: float, *, camera: float = 0.0, perception: float = 0.0) -> str | None:
        """Lets time pass with so many heartbeats a second; the first staleness, if any."""
        stale = self.watchdog.stale(self.now_s, self.heartbeats)
        begun_s, first = self.now_s, self.heartbeats
        while stale is None and self.now_s - begun_s < seconds:
            self.now_s += STEP_S
            passed_s = self.now_s - begun_s
            self.heartbeats = Heartbeats(
                camera=first.camera + int(passed_s * camera),
                gives_frames=self.heartbeats.gives_frames,
                perception=first.perception + int(passed_s * perception),
                ended=self.heartbeats.ended,
            )
            stale = self.watchdog.stale(self.now_s, self.heartbeats)
        return stale


def test_a_mirror_that_sees_and_thinks_stays_fresh() -> None:
    assert Threads().lives(3600, camera=30, perception=15) is None


def test_a_hot_mirror_stays_fresh_at_a_pose_every_second() -> None:
    assert Threads().lives(600, camera=30, perception=1) is None


def test_a_camera_that_stops_without_an_error_goes_stale() -> None:
    threads = Threads()
    threads.lives(60, camera=30, perception=15)
    stopped_s = threads.now_s
    # the perception thread gives up its wait for a frame once a second
    assert threads.lives(60, perception=1) == "camera"
    assert FRAME_S < threads.now_s - stopped_s < FRAME_S + 2 * STEP_S


def test_a_camera_that_is_looked_for_again_and_again_stays_fresh() -> None:
    threads = Threads()
    threads.heartbeats = Heartbeats(camera=1, gives_frames=False, perception=1)
    assert threads.lives(3600, camera=1 / RETRY_S[1], perception=1) is None


def test_an_attempt_that_never_comes_back_goes_stale() -> None:
    threads = Threads()
    threads.heartbeats = Heartbeats(camera=1, gives_frames=False, perception=1)
    assert threads.lives(60, perception=1) == "camera"
    assert ATTEMPT_S < threads.now_s - 100.0 < ATTEMPT_S + 2 * STEP_S


def test_a_model_that_hangs_goes_stale_while_frames_come() -> None:
    threads = Threads()
    assert threads.lives(60, camera=30) == "pose"
    assert POSE_S < threads.now_s - 100.0 < POSE_S + 2 * STEP_S


def test_a_lost_camera_hides_no_thread_that_hangs() -> None:
    threads = Threads()
    threads.heartbeats = Heartbeats(camera=1, gives_frames=False, perception=1)
    assert threads.lives(60, camera=1) == "pose"


def test_what_was_stale_is_fresh_again_with_the_next_frame() -> None:
    threads = Threads()
    assert threads.lives(60, perception=1) == "camera"
    threads.heartbeats = Heartbeats(
        camera=2, gives_frames=True, perception=threads.heartbeats.perception + 1
    )
    assert threads.lives(60, camera=30, perception=15) is None


def test_a_film_that_is_over_keeps_fresh() -> None:
    threads = Threads()
    threads.heartbeats = Heartbeats(camera=1, gives_frames=True, perception=1, ended=True)
    assert threads.lives(600) is None


def test_every_limit_leaves_a_camera_the_time_to_help_itself() -> None:
    assert FRAME_S > FRAME_TIMEOUT_S + CLOSE_TIMEOUT_S
    assert FRAME_S > 2 * usb.FRAME_TIMEOUT_S
    assert RETRY_S[1] < ATTEMPT_S
    assert ATTEMPT_S > usb.OPEN_TIMEOUT_S + usb.FRAME_TIMEOUT_S
    assert POSE_S > LIVE_FRAME_S


def test_systemd_hears_every_line(heard: Callable[[], list[str]]) -> None:
    notify("READY=1")
    notify("WATCHDOG=1", "STATUS=a camera is lost")
    assert heard() == ["READY=1", "WATCHDOG=1", "STATUS=a camera is lost"]


@pytest.mark.parametrize(
    "address", ["", "/nowhere/at/all", "@nobody", "vsock:2:1234", "relative", "/" + "x" * 200]
)
def test_nothing_fails_where_nobody_listens(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    notify("READY=1")


def test_a_deaf_systemd_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(address)
        for _ in range(2000):  # far more than a socket keeps
            notify("WATCHDOG=1")


def test_outside_a_service_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    notify("READY=1")


def test_a_status_is_one_line() -> None:
    sent = Sent()
    assert sent.picture(0.0, 1, "a camera\nis lost")[1] == "STATUS=a camera is lost"


def test_another_watchdog_of_the_process_goes_on_and_nothing_has_ended() -> None:
    sent = Sent()
    sent.watchdog.hand_over()
    sent.watchdog.close()
    assert sent.lines == ["WATCHDOG=1"]
