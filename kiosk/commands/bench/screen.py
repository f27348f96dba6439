"""What drawing costs the processor: every kind of screen in motion, picture by picture."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from kiosk.commands.bench.moving import moving
from kiosk.settings import ScreenSettings
from kiosk.ui.screen.display import Display
from kiosk.ui.words.words import Words

PICTURES = 300
SIZE = (1080, 1920)
BUDGET_MS = 4.0
"""Processor time for a picture at 1080 by 1920: an eighth of a frame at 30 a second."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time for a picture of one screen.

    Attributes:
        name: of the screen.
        median_ms, p95_ms, most_ms: over its pictures, the first one left out.
        first_ms: of the first picture, in which everything is new.
    """

    name: str
    median_ms: float
    p95_ms: float
    most_ms: float
    first_ms: float


def measure(
    words: Words, pictures: int = PICTURES, size: tuple[int, int] = SIZE, rotate: int = 0
) -> list[Cost]:
    """Draws every screen in motion, from changes to the panel's memory.

    Args:
        words: every text.
        pictures: of each screen.
        size: width and height in pixels.
        rotate: degrees by which the panel is mounted.
    """
    settings = ScreenSettings(
        width=size[0],
        height=size[1],
        fullscreen=False,
        rotate=rotate,  # type: ignore[arg-type]  # checked by the command line
    )
    costs = []
    with Display(settings, words, on_screen=False) as display:
        for name, scenes in moving(pictures, settings.fps).items():
            took = []
            for scene in scenes:
                began = time.thread_time()
                display.show(scene)
                took.append(1000 * (time.thread_time() - began))
            costs.append(_cost(name, took))
    return costs


def table(costs: Sequence[Cost]) -> str:
    """The figures as text, worst screen last."""
    lines = [f"{'ms of processor time':32}{'median':>8}{'p95':>8}{'most':>8}{'first':>8}"]
    lines += [
        f"{c.name:32}{c.median_ms:8.2f}{c.p95_ms:8.2f}{c.most_ms:8.2f}{c.first_ms:8.2f}"
        for c in sorted(costs, key=lambda cost: cost.p95_ms)
    ]
    over = [cost.name for cost in costs if cost.p95_ms > BUDGET_MS]
    lines.append(
        f"over {BUDGET_MS:g} ms at the 95th percentile: {', '.join(over)}"
        if over
        else f"every screen within {BUDGET_MS:g} ms at the 95th percentile"
    )
    return "\n".join(lines)


def _cost(name: str, took: list[float]) -> Cost:
    first, *rest = took
    return Cost(name, median(rest), quantiles(rest, n=20)[-1], max(rest), first)
