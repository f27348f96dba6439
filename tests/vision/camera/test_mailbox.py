import threading
from collections.abc import Callable

import pytest

from kiosk.vision.camera.mailbox import Mailbox

LONG_S = 30.0


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
    assert mailbox.take(LONG_S) == "last"
    assert mailbox.take(float("inf")) is None


@pytest.mark.parametrize(
    ("wake", "taken"),
    [(lambda mailbox: mailbox.put("news"), "news"), (lambda mailbox: mailbox.close(), None)],
)
def test_a_waiting_reader_is_woken(
    mailbox: Mailbox[str], wake: Callable[[Mailbox[str]], None], taken: str | None
) -> None:
    found: list[str | None] = []
    waiting = threading.Event()
    wait_for = mailbox._changed.wait_for

    def tell_and_wait(*condition: object) -> object:
        waiting.set()  # with the lock held: whoever comes now comes while the reader waits
        return wait_for(*condition)

    mailbox._changed.wait_for = tell_and_wait
    reader = threading.Thread(target=lambda: found.append(mailbox.take(LONG_S)), daemon=True)
    reader.start()
    assert waiting.wait(LONG_S)
    wake(mailbox)
    reader.join(LONG_S / 2)
    assert found == [taken]
