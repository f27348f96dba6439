"""Keeps Home Assistant up to date: connects, publishes what changed, reconnects."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import msgspec

from kiosk.errors import KioskError, SettingsError
from kiosk.outbox.broker import Connection, check_settings
from kiosk.outbox.home_discovery import OFFLINE, ONLINE, Topics, discovery_payload
from kiosk.outbox.home_values import Values
from kiosk.settings import Settings
from kiosk.system.files import history_folder
from kiosk.system.identity import mirror_id, mirror_name
from kiosk.system.mirror_state import MirrorState, read_state
from kiosk.system.retry import Backoff
from kiosk.system.version import running_version

RETRY_S = (1.0, 60.0)
"""First and longest wait before the broker is tried again."""
EVERY_S = 1.0
"""The state file is looked at this often, which is as often as the mirror writes it."""

_log = logging.getLogger(__name__)


def run_home(
    settings: Settings,
    stop: threading.Event,
    *,
    state: Callable[[], MirrorState | None] = read_state,
    retry_s: tuple[float, float] = RETRY_S,
    report: Callable[[str | None], None] = lambda _: None,
) -> None:
    """Sends until asked to stop. A broker that is away is tried again, which is logged once.

    Args:
        settings: of this installation; `home.broker` must be set.
        stop: ends it in good order, within a second or two.
        state: reads the mirror's state.
        retry_s: first and longest wait before the broker is tried again.
        report: is told why nothing can be sent, in one line, and None once it can.

    Raises:
        SettingsError: nothing can ever be sent like this.
    """
    home = settings.home
    if not home.broker:
        raise SettingsError("home.broker is empty; name the MQTT broker of Home Assistant")
    check_settings(home)
    sender = _Sender(settings, state)
    backoff, fault = Backoff(*retry_s), ""

    def connected() -> None:
        nonlocal fault
        backoff.reset()
        fault = ""
        _log.info("connected to the MQTT broker %s", home.broker)
        report(None)

    while not stop.is_set():
        try:
            sender.send(stop, connected)
        except KioskError as error:
            if str(error) != fault:
                fault = str(error)
                _log.warning("%s", fault)
                report(fault)
            stop.wait(backoff.next_s())


def try_broker(settings: Settings) -> str:
    """Connects once, as the outbox does, and says to whom; leaves no message behind.

    Raises:
        KioskError: why that is not possible, in one line with the remedy.
    """
    check_settings(settings.home)
    # a client id of its own: the outbox's connection stays
    Connection(settings.home, f"gym-mirror-check-{mirror_id().hex[:6]}").close()
    return f"MQTT broker {settings.home.broker} answers"


class _Sender:
    """What is sent over one connection after another."""

    def __init__(self, settings: Settings, state: Callable[[], MirrorState | None]) -> None:
        home, mirror, version = settings.home, mirror_id(), running_version()
        self._home = home
        self._client = f"gym-mirror-{mirror.hex[:12]}"
        self._topics = Topics.of(mirror, home.discovery)
        self._discovery = msgspec.json.encode(
            discovery_payload(mirror, mirror_name(settings.mirror.name), version, self._topics)
        ).decode()
        self._values = Values(
            history_folder(settings.history.folder),
            self._topics,
            version,
            with_lifter=home.with_lifter,
            now=lambda: datetime.now(UTC).astimezone(),
            state=state,
        )

    def send(self, stop: threading.Event, connected: Callable[[], None]) -> None:
        """Sends all once, then what changes, until asked to stop; raises when it is cut off."""
        topics = self._topics
        connection = Connection(self._home, self._client, (topics.availability, OFFLINE))
        connected()
        connection.publish(topics.discovery, self._discovery)
        sent: dict[str, str] = {}
        while not stop.is_set():
            for topic, payload in self._values.read().items():
                if sent.get(topic) != payload:
                    connection.publish(topic, payload)
                    sent[topic] = payload
            if topics.availability not in sent:  # last: whoever sees it finds all the rest
                connection.publish(topics.availability, ONLINE)
                sent[topics.availability] = ONLINE
            connection.turn(EVERY_S)
        with suppress(KioskError):  # the last will says the same
            connection.publish(topics.availability, OFFLINE)
            for _ in range(10):
                if not connection.waiting:
                    break
                connection.turn(0.2)
        connection.close()
