"""Tells systemd, the trial of a new release and other programs how the mirror is."""

from collections.abc import Callable

from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.settings import Settings
from kiosk.system.files import runtime_folder
from kiosk.system.first_frames import FirstFrames
from kiosk.system.health import Health
from kiosk.system.mirror_state import StateWriter
from kiosk.system.version import running_version
from kiosk.system.watchdog import Heartbeats, Watchdog
from kiosk.ui.health_table import Faults, fault_keys


class LifeSigns:
    """Is updated after every picture. Other programs are told only where the settings name one.

    Args:
        settings: of this installation.
    """

    def __init__(self, settings: Settings) -> None:
        self._watchdog, self._first_frames = Watchdog(), FirstFrames()
        named = settings.home.broker or settings.outbox.target
        sent = named and settings.outbox.enabled
        self._state = StateWriter(runtime_folder() if sent else None)

    def update(
        self,
        now_s: float,
        heartbeats: Heartbeats,
        fault: str | None,
        snapshot: Snapshot | None,
        faults: Callable[[], Faults],
        health: Health | None,
    ) -> None:
        """Takes how the mirror is.

        Args:
            now_s: monotonic seconds.
            heartbeats: of the threads.
            fault: what keeps the mirror from seeing or showing, for systemd's status.
            snapshot: the coach's newest.
            faults: asked for only where other programs are told.
            health: the newest.
        """
        self._watchdog.update(now_s, heartbeats, fault)
        self._first_frames.update(frame=heartbeats.gives_frames, judged=snapshot is not None)
        if not self._state.is_due(now_s):
            return
        found, lifting = faults(), snapshot is not None and snapshot.stage is Stage.SET
        self._state.update(
            now_s,
            "blind" if found.blind else "set" if lifting else "waiting",
            snapshot.count if snapshot is not None and lifting else 0,
            fault_keys(found, health),
            None if health is None else health.temperature_c,
            running_version(),
        )

    def hand_over(self) -> None:
        """Takes, before the end, that another mirror goes on in the same process."""
        self._watchdog.hand_over()

    def close(self) -> None:
        """Says that the mirror ends."""
        self._watchdog.close()
        self._state.close()
