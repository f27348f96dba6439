"""Whoever is killed and whatever is cut off mid-send, every set arrives exactly once."""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cutting import Proxy, check_all, kill_sender, kill_server
from kiosk.outbox.server import ANSWER_S
from outboxes import Gym, Outbox
from postgres import Server


def test_a_sender_that_is_killed_again_and_again(gym: Gym, outbox: Outbox) -> None:
    assert kill_sender(gym, outbox, 3) > 0  # or it was never killed in the middle


def test_a_server_that_is_killed_again_and_again(
    gym: Gym, outbox: Outbox, postgres: Server
) -> None:
    assert kill_server(gym, outbox, postgres, 3) > 0


def test_a_server_that_is_restarted(gym: Gym, outbox: Outbox, postgres: Server) -> None:
    outbox.save(120)
    outbox.sender.step()
    postgres.stop()
    assert outbox.sender.step() == 1.0
    assert outbox.sender.status.waiting == 70
    postgres.start()
    outbox.send_on()
    check_all(gym, outbox)


@pytest.fixture
def proxy(gym: Gym) -> Iterator[Proxy]:
    with closing(Proxy(gym.port)) as one:
        yield one


@pytest.fixture
def far(tmp_path: Path, gym: Gym, proxy: Proxy) -> Iterator[Outbox]:
    """An outbox behind the proxy, which waits a third of a second for an answer."""
    with closing(Outbox(tmp_path, gym.target.replace(f":{gym.port}/", f":{proxy.port}/"))) as one:
        one.answer_s = 0.3
        yield one


def test_a_server_that_accepts_and_never_answers_is_given_up_and_tried_again(
    gym: Gym, far: Outbox, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    far.save(60)
    proxy.mute, proxy.most = True, 0
    far.target.options["connect_timeout"] = 2  # libpq's least
    assert [far.sender.step(), far.sender.step()] == [1.0, 2.0]
    assert "timeout expired; the sets wait" in str(far.sender.status.error)
    assert len(caplog.messages) == 1
    proxy.mute, proxy.most, far.answer_s = False, None, ANSWER_S
    far.send_on()
    check_all(gym, far)


def test_a_server_that_falls_silent_mid_send_is_given_up_and_tried_again(
    gym: Gym, far: Outbox, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.mute = True
    waits = []
    for most in (3_000, 9_000, 15_000):  # from the first question to the middle of the batch
        far.save(30)
        proxy.most = most
        waits.append(far.sender.step())
        assert "does not answer; the sets wait" in str(far.sender.status.error)
    assert waits == [1.0, 2.0, 4.0]
    assert [one.levelname for one in caplog.records] == ["WARNING"]
    proxy.mute, proxy.most, far.answer_s = False, None, ANSWER_S
    far.send_on()
    check_all(gym, far)


def test_a_network_that_is_cut_at_any_byte(tmp_path: Path, gym: Gym, proxy: Proxy) -> None:
    chance, cut = random.Random(1616), 0
    outbox = Outbox(tmp_path, gym.target.replace(f":{gym.port}/", f":{proxy.port}/"))
    with closing(outbox):
        for _ in range(20):
            outbox.save(7)
            proxy.most = chance.randrange(1, 30_000)
            outbox.send()
            cut += outbox.sender.status.error is not None
        proxy.most = None
        outbox.send_on()
        check_all(gym, outbox)
    assert cut > 5
