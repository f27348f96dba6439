"""`kiosk bench`: every figure of the mirror on this machine, as one flat document and as text."""

import json
import os
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from kiosk.commands.bench.live import measure_live
from kiosk.commands.bench.loop import STAGES, measure_loop
from kiosk.commands.bench.screen import measure, table
from kiosk.commands.bench.stopwatch import Stopwatch
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.settings import CoachSettings
from kiosk.system.health import Health, read_health
from kiosk.ui.words.words import Words
from kiosk.vision.models.selection import choose
from kiosk.vision.pose.loader import AUTO, load_interpreter

Figures = dict[str, float | str | bool | None]

_CLOCK = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq")
_LIMITS: dict[str, float] = {
    "loop_over_inference": 1.10,
    "crop_ms": 0.4,
    "body_coach_ms": 0.3,
    "back_line_ms": 25.0,
    "draw_ms": 4.0,
    "count_delay_ms": 1000 / 30,
    "start_s": 2.5,
    "rss_mb": 180.0,
}
"""Our own budget on a two-core x86 server with two threads; a Pi's has still to be found."""
_START = ("import", "settings", "model", "display", "first_frame")


def run(arguments: Namespace) -> int:
    """Measures the whole mirror or its drawing, off-screen, and prints the figures."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    if arguments.part == "screen":
        print(table(measure(Words.load("en"), rotate=arguments.rotate)))
        return 0

    def progress(line: str) -> None:
        print(line, file=sys.stderr)

    figures = measure_all(arguments.model, arguments.threads or 0, arguments.rotate, progress)
    print(json.dumps(figures, indent=1) if arguments.json else text(figures))
    return 0


def measure_all(
    model: str, threads: int, rotate: int = 0, progress: Callable[[str], None] = lambda _: None
) -> Figures:
    """Measures the mirror, in less than a minute.

    Args:
        model: a variant's name, or auto.
        threads: of the model; 0 for all cores but one.
        rotate: degrees by which the panel is mounted.
        progress: called with what is measured next, since it takes a while.

    Returns:
        Flat. Milliseconds of wall-clock time, each a median; with `_p95`, the 95th percentile.

    Raises:
        KioskError: the mirror does not run here.
    """
    if model == AUTO:
        fps = exercise_by_id(CoachSettings().exercise).needed_fps
        model = choose(fps, threads).variant  # once, so that both parts measure the same
    progress("starting the mirror and playing the recording to it at the speed of life")
    live = measure_live(model, threads)
    progress("playing the recording again, as fast as it goes")
    interpreter, variant = load_interpreter(model, threads)
    watch = measure_loop(interpreter, rotate=rotate)
    with tempfile.TemporaryDirectory() as folder:
        health = read_health(Path(folder))
    return {
        "model": variant,
        "threads": interpreter.threads,
        "runtime": interpreter.runtime,
        **_loop(watch),
        **{name: _short(value) for name, value in live.items()},
        **_machine(health),
    }


def _loop(watch: Stopwatch) -> Figures:
    loop_ms = watch.median_ms("loop")
    found: Figures = {
        "frames": watch.count("loop"),
        "loop_over_inference": _short(watch.median_ms("ratio")),
        "frames_per_s": _short(1000 / loop_ms) if loop_ms else None,
    }
    found["invoke_ms"], found["invoke_ms_p95"] = _both(watch, "bare")
    for name, stage in (
        ("loop", "loop"),
        ("body_coach", "body_coach"),
        *((stage if stage != "invoke" else "model", stage) for stage in STAGES),
    ):
        found[f"{name}_ms"], found[f"{name}_ms_p95"] = _both(watch, stage)
    return found


def _both(watch: Stopwatch, name: str) -> tuple[float | None, float | None]:
    return _short(watch.median_ms(name)), _short(watch.p95_ms(name))


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _machine(health: Health) -> Figures:
    """What a Raspberry Pi tells of its heat; None elsewhere."""
    limits = health.throttling
    try:
        clock_mhz: float | None = round(int(_CLOCK.read_text("ascii")) / 1000)
    except (OSError, ValueError):
        clock_mhz = None
    return {
        "temperature_c": health.temperature_c,
        "clock_mhz": clock_mhz,
        "throttled_now": None if limits is None else bool(limits.now),
        "throttled_since_boot": None if limits is None else bool(limits.since_boot),
    }


def text(figures: Figures) -> str:
    """The figures for a person, with what is over its limit."""

    def number(name: str, digits: int = 2) -> str:
        value = figures.get(name)
        return f"{value:.{digits}f}" if isinstance(value, float | int) else "-"

    lines = [f"{'ms a frame':28}{'median':>9}{'p95':>9}"]
    rows = {
        "read the picture": "capture",
        "crop and resize": "crop",
        "model": "model",
        "keypoints, smoothing": "decode_smooth",
        "body": "body",
        "coach": "coach",
        "back line, where asked for": "back_line",
        "draw": "draw",
        "present": "present",
        "from picture to verdict": "loop",
        "the model alone": "invoke",
    }
    lines += [
        f"{told:28}{number(f'{name}_ms'):>9}{number(f'{name}_ms_p95'):>9}"
        for told, name in rows.items()
    ]
    parts = ", ".join(f"{part.replace('_', ' ')} {number(f'start_{part}_s')}" for part in _START)
    lines += [
        f"{figures['model']}, {figures['runtime']}, threads: {figures['threads']}",
        f"{number('frames_per_s', 1)} frames a second",
        f"from picture to verdict: {number('loop_over_inference')} times the model alone",
        f"first judged frame after {number('start_s')} s: {parts}",
        f"on the screen {number('count_delay_ms', 1)} ms after the picture, less the model's time",
        f"memory {number('rss_mb', 0)} MB",
    ]
    if figures["temperature_c"] is not None:
        lines.append(f"processor {number('temperature_c', 0)} °C, {number('clock_mhz', 0)} MHz")
    if figures["throttled_since_boot"] is not None:
        now, ever = figures["throttled_now"], figures["throttled_since_boot"]
        how = "now" if now else "since boot, not now" if ever else "never since boot"
        lines.append(f"slowed down by heat or supply: {how}")
    over = [
        f"{name} {number(name)} (limit {limit:.3g})"
        for name, limit in _LIMITS.items()
        if isinstance(value := figures.get(name), float | int) and value > limit
    ]
    lines.append(f"over its limit: {', '.join(over)}" if over else "all within their limits")
    return "\n".join(lines)
