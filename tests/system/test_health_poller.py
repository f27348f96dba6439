"""The machine is looked at every few seconds, and a look that fails stops nothing."""

import logging
import threading

import pytest

from kiosk.system.health import Health
from kiosk.system.health_poller import EVERY_S, HealthWatch

HEALTHY = Health(
    temperature_c=50.0,
    throttling=None,
    disk_free_mb=9000,
    disk_read_only=False,
    rss_mb=120,
    uptime_s=60.0,
    version="1",
)


class Looks:
    """Answers and errors one after the other; then the watch is told to stop."""

    def __init__(self, *script: Health | Exception) -> None:
        self.script = list(script)
        self.waited: list[float] = []
        self.over = threading.Event()

    def look(self) -> Health:
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        if not self.script:
            self.over.set()
        return not self.script


def watched(*script: Health | Exception) -> tuple[HealthWatch, Looks]:
    looks = Looks(*script)
    watch = HealthWatch(looks.look, looks.wait)
    watch.start()
    assert looks.over.wait(30)
    watch.close()
    return watch, looks


def test_the_newest_look_is_kept_and_the_next_one_comes_in_seconds() -> None:
    watch, looks = watched(HEALTHY, HEALTHY)
    assert watch.newest == HEALTHY
    assert looks.waited == [EVERY_S] * 2


def test_a_look_that_fails_again_and_again_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        watch, _ = watched(HEALTHY, OSError("gone"), OSError("gone"), HEALTHY, OSError("gone"))
    assert watch.newest == HEALTHY
    assert len(caplog.records) == 2


def test_a_watch_that_never_began_may_be_closed() -> None:
    HealthWatch(lambda: HEALTHY).close()
