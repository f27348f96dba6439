"""Formats the operator's page: the state of the mirror and of the machine below it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from textwrap import shorten

from kiosk.system.firmware import Limit, Throttling
from kiosk.system.health import Health
from kiosk.system.outbox_status import HomeStatus, OutboxStatus
from kiosk.system.recent_errors import LoggedError
from kiosk.ui.health_table import Faults, shown
from kiosk.ui.panel.button import Button
from kiosk.ui.words.words import Words

_SHORT = 28  # characters of an error that can be read in one line
_NAMES = {
    Button.EXERCISE: "next_exercise",
    Button.FINISH: "finish",
    Button.HISTORY: "history",
}
"""What is written beside each button."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the operator's page.

    Attributes:
        key: of the words under `operator.` that name it.
        value: the figure with its unit.
        good: False where the table of probes finds a fault.
    """

    key: str
    value: str
    good: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFacts:
    """What the operator's page shows.

    Attributes:
        facts: line by line.
        troubles: the last errors, newest first, one line each.
        volume: 0 to 1; 0 while muted.
    """

    facts: tuple[Fact, ...]
    troubles: tuple[str, ...]
    volume: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Measurements of the running mirror. What has not been measured yet is None.

    Attributes:
        pictures_per_s, draw_ms: of the screen, and how long one is drawn at the median.
        poses_per_s, invoke_ms: of the model, and how long one takes it at the median.
        camera: its name.
        model: its name; None before there is one.
        stuck: buttons that are down and nobody presses.
        outbox: how the sets are sent to the owner's database, if they are.
        home: whether Home Assistant is told, if it is to be.
        faults: of its parts.
    """

    pictures_per_s: float | None
    draw_ms: float | None
    poses_per_s: float | None
    invoke_ms: float | None
    camera: str
    model: str | None
    stuck: tuple[Button, ...] = ()
    outbox: OutboxStatus | None = None
    home: HomeStatus | None = None
    faults: Faults


def operator_facts(
    running: Running,
    health: Health | None,
    troubles: tuple[LoggedError, ...],
    volume: float,
    words: Words,
) -> OperatorFacts:
    """Formats the page; a line whose value was not measured on this machine is left out.

    `health` is None before the machine was read.
    """
    values = _values(running, health, words)
    return OperatorFacts(
        facts=tuple(
            Fact(
                probe.key,
                value,
                good=not (
                    probe.fault(running.faults)
                    or probe.exceeds(health)
                    or (probe.key == "buttons" and running.stuck)
                    or (probe.key == "outbox" and running.outbox and running.outbox.error)
                    or (probe.key == "home" and running.home and running.home.error)
                ),
            )
            for probe in shown("operator")
            if (value := values.get(probe.key)) is not None
        ),
        troubles=tuple(_format_trouble(trouble, words) for trouble in troubles),
        volume=volume,
    )


def _values(running: Running, health: Health | None, words: Words) -> dict[str, str | None]:
    """The text of each line by its probe's key; None for what was not measured."""

    def text(key: str, **figures: float | None) -> str | None:
        return None if None in figures.values() else words(f"operator.value.{key}", **figures)

    unknown, faults = words("operator.unknown"), running.faults
    inference = "eased" if faults.eased else "inference"
    values: dict[str, str | None] = {
        "screen": text("screen", per_s=running.pictures_per_s, ms=running.draw_ms) or unknown,
        "camera": faults.camera or running.camera,
        "model": str(faults.model or running.model or unknown),
        "inference": text(inference, per_s=running.poses_per_s, ms=running.invoke_ms) or unknown,
    }
    if running.stuck:
        names = ", ".join(words(f"action.{_NAMES[button]}") for button in running.stuck)
        values["buttons"] = words("operator.value.stuck", names=names)
    if faults.switch is not None:
        values["switch"] = _short(faults.switch)
    if running.outbox is not None:
        values["outbox"] = _outbox(running.outbox, words)
    if running.home is not None:
        error = running.home.error
        values["home"] = words("operator.value.home") if error is None else _short(error)
    if health is None:
        return values
    days, hours = divmod(int((health.uptime_s or 0) // 3600), 24)
    disk = "read_only" if health.disk_read_only else "disk"
    free_mb = health.disk_free_mb
    return values | {
        "temperature": text("temperature", degrees=health.temperature_c),
        "power": None if health.throttling is None else _power(health.throttling, words),
        "disk": text(disk, free=None if free_mb is None else free_mb / 1000),
        "memory": text("memory", mb=health.rss_mb),
        "uptime": None if health.uptime_s is None else text("uptime", days=days, hours=hours),
        "version": health.version,
    }


def _outbox(status: OutboxStatus, words: Words) -> str:
    """How many sets wait, and when the last ones were sent, or what keeps them; in one short line.

    `kiosk outbox status` tells the whole error, with its place and its remedy.
    """
    if status.error is not None:
        what = _short(status.error)
        told = words("operator.value.outbox_fault", waiting=status.waiting, error=what)
    elif status.last_sent_at is None:
        told = words("operator.value.outbox_new", waiting=status.waiting)
    else:
        at = datetime.fromtimestamp(status.last_sent_at, UTC).astimezone()
        told = words("operator.value.outbox", waiting=status.waiting, at=f"{at:%d.%m. %H:%M}")
    return told


def _short(error: str) -> str:
    """What is wrong, without the place before it and the remedy behind it."""
    return shorten(error.partition(";")[0].rpartition(": ")[2], _SHORT, placeholder="…")


def _power(limits: Throttling, words: Words) -> str:
    """The weightiest limit that holds now, else one of before."""
    found = limits.now or limits.since_boot
    if not found:
        return words("operator.value.power")
    worst = next(limit for limit in Limit if limit in found)
    what = words(f"operator.limit.{worst.name.lower()}")
    return what if limits.now else words("operator.value.earlier", what=what)


def _format_trouble(trouble: LoggedError, words: Words) -> str:
    key = "operator.value.trouble" if trouble.times == 1 else "operator.value.trouble_again"
    return words(key, at=f"{trouble.at:%H:%M}", text=trouble.text, times=trouble.times)
