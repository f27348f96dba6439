"""`kiosk outbox`: sends what the settings say to where they say, and tells how that goes."""

import logging
import signal
import time
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from uuid import uuid4

import msgspec

from kiosk.errors import KioskError, TargetError
from kiosk.history.connection import FILE_NAME
from kiosk.outbox.broker import check_settings
from kiosk.outbox.changes import Changes
from kiosk.outbox.connect import Target
from kiosk.outbox.home import run_home
from kiosk.outbox.mirror_health import MirrorHealth
from kiosk.outbox.outbox_state import OutboxState
from kiosk.outbox.sender import Sender
from kiosk.outbox.server import Server
from kiosk.settings import Settings, load
from kiosk.system.files import history_folder, outbox_folder
from kiosk.system.identity import mirror_id, mirror_name
from kiosk.system.outbox_status import HomeStatus, OutboxStatus, find_status, write_status
from kiosk.system.version import running_version
from kiosk.system.worker import Worker

END_S = 5.0
"""At the end it is waited so long for the last message to Home Assistant."""
ASK_S = 3.0
"""How often it is looked whether the outbox was switched off or on, which reads two small files."""
AGAIN_S = 300.0
"""What somebody has to put right is looked at so often where Home Assistant is told meanwhile. A
password that systemd hands over is read at the unit's start alone."""

_log = logging.getLogger(__name__)


def run(arguments: Namespace) -> int:
    """Does what the second word says; returns 1 where it is a question whose answer is no."""
    settings = load(arguments.settings)
    if arguments.what == "configured":
        return 0 if settings.outbox.target or settings.home.broker else 1
    if arguments.what == "status":
        return _print_status(settings, as_json=arguments.json)
    if arguments.what == "test":
        return _test(Target.of(settings.outbox))
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopped.set())
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    send_while_on(lambda: load(arguments.settings, needs_chosen=True), stopped)
    return 0


def send_while_on(read: Callable[[], Settings], stopped: Event) -> None:
    """Sends while `outbox.enabled` says so, which somebody may switch at the mirror at any time.

    Args:
        read: reads the settings anew.
        stopped: set for the end.

    Raises:
        KioskError: settings that cannot be read, so that nobody knows whether to send; or as
            `send_all` does.
    """
    while not stopped.is_set():
        settings = read()
        if not settings.outbox.enabled:
            stopped.wait(ASK_S)
            continue
        with closing(_Switch(read, stopped).start()) as switch:
            send_all(settings, switch.off)


class _Switch(Worker):
    """Looks every few seconds whether the owner has switched the outbox off.

    Attributes:
        off: set then, and for the end.
    """

    def __init__(self, read: Callable[[], Settings], stopped: Event) -> None:
        super().__init__("switch")
        self.off = Event()
        self._read, self._stopped = read, stopped

    def run(self) -> None:
        """Looks until it is off, or for nobody any more."""
        while not (self.stopping or self._stopped.wait(ASK_S)):
            try:
                on = self._read().outbox.enabled
            except KioskError as error:
                _log.warning("%s", error)  # and nothing is sent before it is known
                on = False
            if not on:
                break
        self.off.set()


def send_all(settings: Settings, stopped: Event) -> None:
    """Sends to the database and to Home Assistant, to whichever of them the settings name.

    Raises:
        KioskError: one of them can never be sent to like this.
    """
    if not settings.outbox.target and settings.home.broker:
        run_home(settings, stopped, report=_home_reporter(settings))
        return
    target = Target.of(settings.outbox)  # what cannot be used from the start ends it at once
    home = _Home(settings, stopped) if settings.home.broker else None
    if home is not None:
        check_settings(settings.home)
        home.start()

    def goes_on(wait_s: float) -> bool:
        if home is not None:
            home.raise_crash()
        return not stopped.wait(wait_s)

    while True:
        try:
            send(settings, target, outbox_folder(), goes_on)
            break
        except TargetError as error:
            if home is None:
                raise
            _log.warning("%s", error)
            if not goes_on(AGAIN_S):
                break
    if home is not None:
        home.join(END_S)


_NOTHING_YET = "on, and has sent nothing yet: start gym-mirror-outbox.service"


class _Home(Worker):
    """Tells Home Assistant how the mirror is, beside the sets that go to the database."""

    def __init__(self, settings: Settings, stopped: Event) -> None:
        super().__init__("home")
        self._settings, self._stopped = settings, stopped

    def run(self) -> None:
        """Sends until asked to stop."""
        run_home(self._settings, self._stopped, report=_home_reporter(self._settings))


def _home_reporter(settings: Settings) -> Callable[[str | None], None]:
    """Returns what notes why Home Assistant is not told, for the operator's page and the doctor."""
    folder = outbox_folder()

    def report(error: str | None) -> None:
        status = HomeStatus(broker=settings.home.broker, since=time.time(), error=error)
        with suppress(OSError):  # the journal has it too
            folder.mkdir(parents=True, exist_ok=True)
            write_status(folder, status)

    return report


def send(
    settings: Settings, target: Target, folder: Path, goes_on: Callable[[float], bool]
) -> None:
    """Sends sets until it is told to stop.

    Args:
        settings: of the mirror.
        target: where to.
        folder: of what was sent.
        goes_on: waits so many seconds; returns whether to go on.
    """
    changes = Changes(_history(settings))
    health = MirrorHealth()
    with OutboxState(folder, target.name) as state:

        def connect() -> Server:
            return Server(target, mirror_id(), _about(settings, health))

        sender = Sender(
            changes,
            state,
            connect,
            target=target.name,
            folder=folder,
            rate=settings.outbox.rate,
            health=health,
        )
        with closing(sender):
            while goes_on(sender.step()):
                pass


def _history(settings: Settings) -> Path:
    return history_folder(settings.history.folder) / FILE_NAME


def _about(settings: Settings, health: MirrorHealth) -> dict[str, str]:
    """Returns what the database is to know of the mirror; what is empty is left as it is there."""
    about = {
        "name": mirror_name(settings.mirror.name),
        "gym": settings.outbox.gym,
        # of the mirror itself, which may be another one until both are restarted
        "app_version": health.newest.version if health.newest else running_version(),
    }
    return {key: value for key, value in about.items() if value}


def _test(target: Target) -> int:
    """Connects once, as whoever calls this, and sends nothing."""
    Server(target, uuid4()).close()
    print(f"{target.name}: answers, and its schema fits")
    return 0


def _print_status(settings: Settings, *, as_json: bool) -> int:
    target, broker = settings.outbox.target, settings.home.broker
    status = find_status(OutboxStatus) if target else None
    told = find_status(HomeStatus) if broker else None
    if as_json:
        found = {"configured": bool(target), "status": status, "home": told}
        print(msgspec.json.encode(found).decode())
        return 0
    if (target or broker) and not settings.outbox.enabled:
        print("off: outbox.enabled is false, by kiosk.toml or switched at the mirror")
        return 0
    if not target:
        print("off: [outbox] in kiosk.toml names no target")
    else:
        print(_NOTHING_YET if status is None else format_status(status, time.time()))
    if broker:
        print(_NOTHING_YET if told is None else format_home(told, time.time()))
    return 0


def format_home(status: HomeStatus, now_s: float) -> str:
    """Returns whether Home Assistant is told, in one line."""
    for_min = max(0.0, now_s - status.since) / 60
    what = "connected" if status.error is None else f"fault for {for_min:.0f} min: {status.error}"
    return f"Home Assistant, broker {status.broker}: {what}"


def format_status(status: OutboxStatus, now_s: float) -> str:
    """Returns how many sets wait, the last one sent, and the last error, in one line."""
    parts = [f"{status.waiting} waiting"]
    if status.last_sent_at is None:
        parts.append("none sent yet")
    else:
        moment = datetime.fromtimestamp(status.last_sent_at, UTC).astimezone()
        parts.append(f"last sent {moment:%Y-%m-%d %H:%M:%S}")
    if status.refused:
        parts.append(f"{status.refused} refused by the server")
    if status.error is not None:
        for_s = max(0.0, now_s - (status.error_since or now_s))
        parts.append(f"fault for {for_s / 60:.0f} min: {status.error}")
    return f"{status.target}: {'; '.join(parts)}"
