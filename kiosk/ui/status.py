"""What whoever looks after the mirror wants to know, as lines for a screen."""

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.system.health import Health
from kiosk.system.recent_errors import Trouble
from kiosk.system.thermal import HOT_C
from kiosk.system.throttling import Limit
from kiosk.ui.words.words import Words

FULL_MB = 500
"""Less room than this is worth a look: the log and an upgrade need some."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line.

    Attributes:
        key: of the words under `operator.` that name it.
        value: the figure with its unit.
        good: whether all is well with it.
    """

    key: str
    value: str
    good: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFacts:
    """The operator's page.

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
    """What the kiosk knows of itself. What has not been measured yet is None.

    Attributes:
        pictures_per_s, draw_ms: of the screen, and how long one is drawn at the median.
        poses_per_s, invoke_ms: of the model, and how long one takes it at the median.
        camera: its name.
        camera_fault: why it gives no frames.
        model: its name; None before there is one.
        model_fault: why it finds no poses.
        eased: whether the looks are held back, for the processor is hot.
    """

    pictures_per_s: float | None
    draw_ms: float | None
    poses_per_s: float | None
    invoke_ms: float | None
    camera: str
    camera_fault: str | None
    model: str | None
    model_fault: str | None = None
    eased: bool = False


def operator_facts(
    running: Running,
    health: Health | None,
    troubles: tuple[Trouble, ...],
    volume: float,
    words: Words,
) -> OperatorFacts:
    """The page.

    Args:
        running: the kiosk.
        health: the machine; None before it was looked at.
        troubles: newest first.
        volume: 0 to 1; 0 while muted.
        words: of the screen.
    """
    facts = [*_of_kiosk(running, words), *(_of_machine(health, words) if health else ())]
    return OperatorFacts(
        facts=tuple(facts),
        troubles=tuple(_line(trouble, words) for trouble in troubles),
        volume=volume,
    )


def _of_kiosk(running: Running, words: Words) -> Iterator[Fact]:
    def rate(key: str, per_s: float | None, ms: float | None) -> str:
        if per_s is None or ms is None:
            return words("operator.unknown")
        return words(f"operator.value.{key}", per_s=per_s, ms=ms)

    yield Fact("screen", rate("screen", running.pictures_per_s, running.draw_ms))
    yield Fact("camera", running.camera_fault or running.camera, running.camera_fault is None)
    model = running.model_fault or running.model or words("operator.unknown")
    yield Fact("model", model, running.model_fault is None)
    key = "eased" if running.eased else "inference"
    yield Fact("inference", rate(key, running.poses_per_s, running.invoke_ms), not running.eased)


def _of_machine(health: Health, words: Words) -> Iterator[Fact]:
    if health.temperature_c is not None:
        hot = health.temperature_c >= HOT_C
        text = words("operator.value.temperature", degrees=health.temperature_c)
        yield Fact("temperature", text, not hot)
    if health.throttling is not None:
        now, past = health.throttling.now, health.throttling.since_boot
        worst = next((limit for limit in Limit if limit in now), None)
        earlier = next((limit for limit in Limit if limit in past), None)
        if worst is not None:
            yield Fact("power", words(f"operator.limit.{worst.name.lower()}"), good=False)
        elif earlier is not None:
            what = words(f"operator.limit.{earlier.name.lower()}")
            yield Fact("power", words("operator.value.earlier", what=what), good=False)
        else:
            yield Fact("power", words("operator.value.power"))
    if health.disk_free_mb is not None:
        key = "read_only" if health.disk_read_only else "disk"
        text = words(f"operator.value.{key}", free=health.disk_free_mb / 1000)
        yield Fact("disk", text, not health.disk_read_only and health.disk_free_mb >= FULL_MB)
    if health.rss_mb is not None:
        yield Fact("memory", words("operator.value.memory", mb=health.rss_mb))
    if health.uptime_s is not None:
        hours = int(health.uptime_s // 3600)
        text = words("operator.value.uptime", days=hours // 24, hours=hours % 24)
        yield Fact("uptime", text)
    yield Fact("version", health.version)


def _line(trouble: Trouble, words: Words) -> str:
    key = "operator.value.trouble" if trouble.times == 1 else "operator.value.trouble_again"
    return words(key, at=f"{trouble.at:%H:%M}", text=trouble.text, times=trouble.times)
