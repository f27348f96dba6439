"""Reads what those say who take sets out of the mirror: database, Home Assistant, USB stick."""

from kiosk.settings import Settings
from kiosk.system.files import outbox_folder
from kiosk.system.outbox_status import HomeStatus, OutboxStatus, StatusWatch
from kiosk.system.stick_state import Stick, StickWatch


class Receivers:
    """Asks for nothing where the settings name no receiver. None in each: nothing was said.

    Args:
        settings: of this installation.
    """

    def __init__(self, settings: Settings) -> None:
        sending = outbox_folder() if settings.outbox.enabled else None
        self._outbox = StatusWatch(OutboxStatus, sending if settings.outbox.target else None)
        self._home = StatusWatch(HomeStatus, sending if settings.home.broker else None)
        self._stick = StickWatch(enabled=settings.stick.enabled)

    def update(self, now_s: float) -> None:
        """Looks whether a stick is plugged in, in monotonic seconds."""
        self._stick.update(now_s)

    @property
    def outbox(self) -> OutboxStatus | None:
        """How many sets wait for the database, and how the last attempt ended."""
        return self._outbox.newest

    @property
    def home(self) -> HomeStatus | None:
        """Whether Home Assistant's broker is told."""
        return self._home.newest

    @property
    def stick(self) -> Stick | None:
        """What happens on the stick."""
        return self._stick.newest
