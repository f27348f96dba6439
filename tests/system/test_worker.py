"""A worker thread: its end, its error, its mailbox, and that nobody waits for one that hangs."""

import threading
from collections.abc import Callable

import pytest

from kiosk.system import worker
from kiosk.system.worker import Mailbox, Worker

PATIENCE_S = 30.0


class Waiting(Worker):
    """Waits until it is asked to stop, or until it is let go where it is `deaf`."""

    def __init__(self, *, deaf: bool = False) -> None:
        super().__init__("waiting")
        self.deaf = deaf
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.known: list[BaseException | None] = []

    def run(self) -> None:
        self.begun.set()
        if self.deaf:
            assert self.let_go.wait(PATIENCE_S)
        else:
            assert self.wait(PATIENCE_S)

    def finished(self) -> None:
        self.known.append(self.crash)


class Crashing(Waiting):
    def run(self) -> None:
        raise ZeroDivisionError("in the thread")


def test_a_thread_runs_under_its_name_until_it_is_closed() -> None:
    waiting = Waiting().start()
    assert waiting.begun.wait(PATIENCE_S)
    assert (waiting.alive, waiting.stopping) == (True, False)
    (thread,) = [one for one in threading.enumerate() if one.name == "waiting"]
    assert thread.daemon
    waiting.close()
    waiting.close()
    assert (waiting.alive, waiting.stopping, waiting.crash) == (False, True, None)
    assert waiting.known == [None]
    waiting.raise_crash()


def test_asking_to_stop_does_not_wait() -> None:
    waiting = Waiting(deaf=True).start()
    waiting.stop()
    assert waiting.alive
    waiting.let_go.set()
    waiting.join(PATIENCE_S)
    assert not waiting.alive


def test_closing_gives_up_a_thread_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "END_S", 0.001)
    waiting = Waiting(deaf=True).start()
    assert waiting.begun.wait(PATIENCE_S)
    waiting.close()
    assert waiting.alive
    waiting.let_go.set()
    waiting.join(PATIENCE_S)


def test_a_crash_is_kept_known_at_the_very_end_and_raised_to_whoever_asks() -> None:
    crashing = Crashing().start()
    crashing.join(PATIENCE_S)
    assert isinstance(crashing.crash, ZeroDivisionError)
    assert crashing.known == [crashing.crash]
    for _ in range(2):
        with pytest.raises(ZeroDivisionError, match="in the thread"):
            crashing.raise_crash()


def test_a_thread_that_never_started_can_be_closed() -> None:
    waiting = Waiting()
    waiting.close()
    assert (waiting.alive, waiting.known) == (False, [])
    assert waiting.wait(PATIENCE_S), "it was asked to stop"


@pytest.fixture
def mailbox() -> Mailbox[str]:
    return Mailbox()


def test_the_newest_wins_and_is_taken_once(mailbox: Mailbox[str]) -> None:
    for item in ("first", "second", "third"):
        mailbox.put(item)
    assert mailbox.take(0.0) == "third"
    assert mailbox.take(0.0) is None
    mailbox.put("fourth")
    assert mailbox.take(0.0) == "fourth"


def test_nothing_in_time_is_none(mailbox: Mailbox[str]) -> None:
    assert mailbox.take(0.001) is None


def test_what_is_there_is_taken_without_waiting(mailbox: Mailbox[str]) -> None:
    mailbox.put("there")
    assert mailbox.take(float("inf")) == "there"


def test_after_closing_the_last_item_can_be_taken_and_nobody_waits(mailbox: Mailbox[str]) -> None:
    mailbox.put("last")
    mailbox.close()
    mailbox.close()
    assert mailbox.take(PATIENCE_S) == "last"
    assert mailbox.take(float("inf")) is None


@pytest.mark.parametrize(
    ("wake", "taken"),
    [(lambda mailbox: mailbox.put("news"), "news"), (lambda mailbox: mailbox.close(), None)],
)
def test_a_waiting_reader_is_woken(
    mailbox: Mailbox[str],
    monkeypatch: pytest.MonkeyPatch,
    wake: Callable[[Mailbox[str]], None],
    taken: str | None,
) -> None:
    found: list[str | None] = []
    waiting = threading.Event()
    wait_for = threading.Condition.wait_for

    def announce_and_wait(*condition: object) -> object:
        waiting.set()  # with the lock held: whoever comes now comes while the reader waits
        return wait_for(*condition)

    monkeypatch.setattr(threading.Condition, "wait_for", announce_and_wait)
    reader = threading.Thread(target=lambda: found.append(mailbox.take(PATIENCE_S)), daemon=True)
    reader.start()
    assert waiting.wait(PATIENCE_S)
    wake(mailbox)
    reader.join(PATIENCE_S / 2)
    assert found == [taken]
