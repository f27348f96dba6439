"""One reading of a made-up machine: what is there is measured, what is not is None."""

import logging
import os
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.system import health
from kiosk.system.firmware import Throttling
from kiosk.system.health import EVERY_S, Health, HealthPoller, Roots, read_health
from kiosk.system.version import running_version

WORD = Throttling.from_word(0x50005)


@pytest.fixture
def roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Roots:
    """A Pi at 61.3 °C that was started two minutes ago."""
    roots = Roots(sys=tmp_path / "sys", proc=tmp_path / "proc", dev=tmp_path / "dev")
    zone = roots.sys / "class/thermal/thermal_zone0"
    zone.mkdir(parents=True)
    (zone / "temp").write_text("61322\n", encoding="ascii")
    (roots.proc / "self").mkdir(parents=True)
    pages = 250_000_000 // os.sysconf("SC_PAGE_SIZE")
    (roots.proc / "self/statm").write_text(f"90000 {pages} 418 5 0 123 0\n", encoding="ascii")
    (roots.proc / "uptime").write_text("120.53 400.11\n", encoding="ascii")
    monkeypatch.setattr(health, "read_throttling", {roots.dev: WORD}.get)
    return roots


def full(monkeypatch: pytest.MonkeyPatch, **changed: int) -> None:
    disk = {"f_bavail": 1_000, "f_frsize": 4_096, "f_flag": 0} | changed
    monkeypatch.setattr(os, "statvfs", lambda place: SimpleNamespace(**disk))


def test_a_machine_with_everything_tells_everything(
    roots: Roots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(monkeypatch, f_bavail=1_000_000)
    seen = read_health(tmp_path, roots)
    assert seen.temperature_c == 61.322
    assert seen.throttling == WORD
    assert (seen.disk_free_mb, seen.disk_read_only) == (4096, False)
    assert (seen.rss_mb, seen.uptime_s) == (250, 120.53)
    assert seen.version == running_version()


def test_a_machine_that_shows_nothing_is_measured_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(place: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "statvfs", lost)
    seen = read_health(tmp_path, Roots(sys=tmp_path, proc=tmp_path, dev=tmp_path))
    found = (seen.temperature_c, seen.throttling, seen.disk_free_mb, seen.disk_read_only)
    assert found == (None, None, None, None)
    assert (seen.rss_mb, seen.uptime_s) == (None, None)
    assert seen.version


@pytest.mark.parametrize("text", ["", "\n", "hot", "\N{DEGREE SIGN}"])
def test_a_sensor_that_tells_no_number_is_none(roots: Roots, tmp_path: Path, text: str) -> None:
    file = roots.sys / "class/thermal/thermal_zone0/temp"
    file.write_text(text, encoding="utf-8")
    assert read_health(tmp_path, roots).temperature_c is None


def test_a_frost_is_measured_too(roots: Roots, tmp_path: Path) -> None:
    file = roots.sys / "class/thermal/thermal_zone0/temp"
    file.write_text("-1500\n", encoding="ascii")
    assert read_health(tmp_path, roots).temperature_c == -1.5


def test_a_card_that_went_read_only_is_told(
    roots: Roots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(monkeypatch, f_flag=os.ST_RDONLY | os.ST_NOSUID)
    seen = read_health(tmp_path, roots)
    assert (seen.disk_free_mb, seen.disk_read_only) == (4, True)


def test_room_is_looked_for_where_the_history_will_be(roots: Roots, tmp_path: Path) -> None:
    there = read_health(tmp_path, roots)
    assert there.disk_free_mb is not None
    ahead = read_health(tmp_path / "state" / "history", roots)
    assert ahead.disk_free_mb == pytest.approx(there.disk_free_mb, abs=100)
    assert not (tmp_path / "state").exists()


def test_this_very_machine_can_be_looked_at(tmp_path: Path) -> None:
    seen = read_health(tmp_path)
    assert seen.rss_mb is not None
    assert seen.rss_mb > 1
    assert seen.uptime_s is not None
    assert seen.uptime_s > 0


HEALTHY = Health(
    temperature_c=50.0,
    throttling=None,
    disk_free_mb=9000,
    disk_read_only=False,
    rss_mb=120,
    uptime_s=60.0,
    version="1",
)


class Readings:
    """Answers and errors one after the other; then the poller is stopped."""

    def __init__(self, *script: Health | Exception) -> None:
        self.script = list(script)
        self.waited: list[float] = []
        self.over = threading.Event()

    def read(self) -> Health:
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        if not self.script:
            self.over.set()
        return not self.script


def polled(*script: Health | Exception) -> tuple[HealthPoller, Readings]:
    readings = Readings(*script)
    poller = HealthPoller(readings.read, readings.wait)
    poller.start()
    assert readings.over.wait(30)
    poller.close()
    return poller, readings


def test_the_newest_reading_is_kept_and_the_next_one_comes_in_seconds() -> None:
    poller, readings = polled(HEALTHY, HEALTHY)
    assert poller.newest == HEALTHY
    assert readings.waited == [EVERY_S] * 2


def test_a_reading_that_fails_again_and_again_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        poller, _ = polled(HEALTHY, OSError("gone"), OSError("gone"), HEALTHY, OSError("gone"))
    assert poller.newest == HEALTHY
    assert len(caplog.records) == 2


def test_a_poller_that_never_began_may_be_closed() -> None:
    HealthPoller(lambda: HEALTHY).close()
