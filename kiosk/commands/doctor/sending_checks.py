"""Checks what sends: the database and the broker that the settings name."""

from uuid import uuid4

from kiosk.commands.doctor.finding import Finding, failed, ok
from kiosk.settings import Settings
from kiosk.system.outbox_status import HomeStatus, OutboxStatus, find_status

_RESTART_OUTBOX = (
    "sudo systemctl restart gym-mirror-outbox, and see journalctl -u gym-mirror-outbox"
)

_SWITCHED_OFF = "switched off: outbox.enabled is false"


def check_outbox(settings: Settings) -> Finding:
    """Connects to the database that the sets are sent to, where there is one."""
    if not settings.outbox.target:
        return ok("off")
    if not settings.outbox.enabled:
        return ok(_SWITCHED_OFF)
    from kiosk.outbox.connect import Target
    from kiosk.outbox.server import Server

    target = Target.of(settings.outbox)
    Server(target, uuid4()).close()
    status = find_status(OutboxStatus)
    if status is None:
        return failed(f"{target.name} answers, and nothing was ever sent", _RESTART_OUTBOX)
    if status.error is not None:
        return failed(f"{target.name} answers; the outbox met: {status.error}", "wait a minute")
    return ok(f"{target.name} answers; {status.waiting} sets wait")


def check_home(settings: Settings) -> Finding:
    """Connects to the MQTT broker of Home Assistant, where there is one."""
    if not settings.home.broker:
        return ok("off")
    if not settings.outbox.enabled:
        return ok(_SWITCHED_OFF)
    from kiosk.outbox.home import try_broker

    answers = try_broker(settings)
    status = find_status(HomeStatus)
    if status is None:
        return failed(f"{answers}, and nothing was ever sent", _RESTART_OUTBOX)
    if status.error is not None:
        return failed(f"{answers}; the outbox met: {status.error}", "wait a minute")
    return ok(answers)
