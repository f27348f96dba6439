"""The newest warnings and errors, each once."""

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from kiosk.system.recent_errors import KEPT, LoggedError, RecentErrors


@pytest.fixture
def troubles() -> Iterator[RecentErrors]:
    handler = RecentErrors()
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


def kept(troubles: RecentErrors) -> list[tuple[str, int]]:
    return [(trouble.text, trouble.times) for trouble in troubles.newest]


def test_the_newest_comes_first_and_the_oldest_goes(troubles: RecentErrors) -> None:
    log = logging.getLogger("kiosk.vision.camera")
    for number in range(KEPT + 3):
        log.warning("trouble %d", number)
    assert kept(troubles) == [(f"trouble {n}", 1) for n in range(KEPT + 2, 2, -1)]


def test_only_warnings_and_errors_are_trouble(troubles: RecentErrors) -> None:
    log = logging.getLogger("kiosk.vision.camera")
    log.setLevel(logging.DEBUG)
    log.debug("opened")
    log.info("the camera gives frames again")
    log.error("no camera answers")
    assert kept(troubles) == [("no camera answers", 1)]


def test_what_is_said_again_is_one_trouble_that_happened_more_often(troubles: RecentErrors) -> None:
    camera, history = logging.getLogger("kiosk.vision.camera"), logging.getLogger("kiosk.history")
    for _ in range(500):
        camera.warning("lost")
    history.error("lost")
    camera.warning("lost %s", "again")
    camera.error("lost")
    assert kept(troubles) == [("lost", 501), ("lost again", 1), ("lost", 1)]


def test_what_goes_on_happening_is_not_pushed_out(troubles: RecentErrors) -> None:
    log = logging.getLogger("kiosk.vision.camera")
    for number in range(3 * KEPT):
        log.warning("lost")
        log.warning("trouble %d", number)
    assert ("lost", 3 * KEPT) in kept(troubles)


def test_a_trouble_has_the_time_of_its_last_occurrence(troubles: RecentErrors) -> None:
    for created in (1_800_000_000.0, 1_800_000_060.0):
        record = logging.LogRecord("kiosk", logging.ERROR, "", 0, "lost", (), None)
        record.created = created
        troubles.handle(record)
    at = datetime(2027, 1, 15, 8, 1, tzinfo=UTC)
    assert troubles.newest == (LoggedError(at, "lost", 2),)
    assert troubles.newest[0].at.utcoffset() is not None


def test_a_trouble_is_one_line_that_fits(troubles: RecentErrors) -> None:
    log = logging.getLogger("kiosk.vision.camera")
    log.error("no frame\n  for 5 s\r\n\ttwice %s", "x" * 1000)
    (trouble,) = troubles.newest
    assert trouble.text.startswith("no frame for 5 s twice xxx")
    assert len(trouble.text) == 160
    assert trouble.text.endswith("…")


def test_an_exception_is_named_with_its_reason(troubles: RecentErrors) -> None:
    error = OSError(5, "Input/output error")
    logging.getLogger("kiosk.vision.back").error("the back line has stopped", exc_info=error)
    text = "the back line has stopped (OSError: [Errno 5] Input/output error)"
    assert kept(troubles) == [(text, 1)]


def test_a_record_that_cannot_be_told_stops_nobody(
    troubles: RecentErrors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    record = logging.LogRecord("kiosk", logging.ERROR, "", 0, "%d frames", ("no",), None)
    troubles.handle(record)
    assert troubles.newest == ()


def test_many_threads_lose_no_count(troubles: RecentErrors) -> None:
    log = logging.getLogger("kiosk.vision.camera")

    def complain(number: int) -> None:
        for turn in range(200):
            log.warning("lost")
            log.warning("%d %d", number, turn)
            log.warning("lost")
            assert len(troubles.newest) <= KEPT

    threads = [threading.Thread(target=complain, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ("lost", 1600) in kept(troubles)
