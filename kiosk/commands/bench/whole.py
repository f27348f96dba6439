"""`kiosk bench`: measures the mirror on this machine, as one flat document and as text."""

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kiosk.commands.bench.drawing import format_screens, measure_screens
from kiosk.commands.bench.loop import measure_loop
from kiosk.commands.bench.real_time import measure_idle, measure_live
from kiosk.commands.demo.show import walk_up_exercise
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.system.health import read_health, read_number
from kiosk.ui.words.words import Words
from kiosk.vision.models.selection import AUTO, choose, load_interpreter

Figures = dict[str, float | str | bool | None]

LIMITS: dict[str, float] = {
    "loop_over_inference": 1.10,
    "crop_ms": 0.4,
    "body_coach_ms": 0.3,
    "back_line_ms": 25.0,
    "draw_ms": 4.0,
    "count_delay_ms": 1000 / 30,
    "start_s": 2.5,
    "rss_mb": 180.0,
    "idle_share": 0.05,
    "asleep_share": 0.05,
}
"""Our own budget on a two-core x86 server with two threads; a Pi's has still to be found."""

_CLOCK = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq")
_START = ("import", "settings", "model", "display", "first_frame")
STAGES = {
    "capture": "read the picture",
    "crop": "crop and resize",
    "model": "model",
    "decode_smooth": "keypoints, smoothing",
    "body": "body",
    "coach": "coach",
    "back_line": "back line, where asked for",
    "draw": "draw",
    "present": "present",
    "loop": "from picture to verdict",
    "invoke": "the model alone",
    "body_coach": "",
}
"""The text's line of each stage that the loop was measured by; empty where it has none."""


def run(arguments: Namespace) -> int:
    """Measures the whole mirror or its drawing, off-screen, and prints the figures."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    if arguments.part == "screen":
        print(format_screens(measure_screens(Words.load("en"), rotate=arguments.rotate)))
        return 0
    progress = partial(print, file=sys.stderr)
    figures = measure_all(arguments.model, arguments.threads or 0, arguments.rotate, progress)
    print(json.dumps(figures, indent=1) if arguments.json else format_figures(figures))
    return 0


def measure_all(
    model: str, threads: int, rotate: int = 0, progress: Callable[[str], None] = lambda _: None
) -> Figures:
    """Measures the mirror, in about a minute and a half.

    Args:
        model: a variant's name, or auto.
        threads: of the model; 0 for all cores but one.
        rotate: degrees by which the panel is mounted.
        progress: called with what is measured next, since it takes a while.

    Returns:
        Flat. Milliseconds of wall-clock time, each a median; with `_p95`, the 95th percentile. Of
        heat and throttling None where the machine does not report it.

    Raises:
        KioskError: the mirror does not run here.
    """
    if model == AUTO:
        fps = exercise_by_id(walk_up_exercise()).needed_fps
        model = choose(fps, threads).variant  # once, so that both parts measure the same
    progress("starting the mirror and playing the recording to it at the speed of life")
    live = measure_live(model, threads)
    progress("leaving the mirror alone with an empty room")
    live |= measure_idle(model, threads)
    progress("playing the recording again, as fast as it goes")
    interpreter, variant = load_interpreter(model, threads)
    watch = measure_loop(interpreter, rotate=rotate)
    loop_ms = watch.median_ms("loop")
    figures: Figures = {
        "model": variant,
        "threads": interpreter.threads,
        "runtime": interpreter.runtime,
        "frames": watch.count("loop"),
        "loop_over_inference": watch.median_ms("ratio"),
        "frames_per_s": 1000 / loop_ms if loop_ms else None,
    }
    for name in STAGES:
        figures[f"{name}_ms"] = watch.median_ms(name)
        figures[f"{name}_ms_p95"] = watch.p95_ms(name)
    figures |= live
    figures = {k: round(v, 3) if isinstance(v, float) else v for k, v in figures.items()}
    health = read_health(Path())
    clock_khz = read_number(_CLOCK)
    limits = health.throttling
    return figures | {
        "temperature_c": health.temperature_c,
        "clock_mhz": None if clock_khz is None else round(clock_khz / 1000),
        "throttled_now": None if limits is None else bool(limits.now),
        "throttled_since_boot": None if limits is None else bool(limits.since_boot),
    }


def format_figures(figures: Figures) -> str:
    """Formats the figures as text, with those that are over their limits."""

    def number(name: str, digits: int = 2) -> str:
        value = figures.get(name)
        return f"{value:.{digits}f}" if isinstance(value, float | int) else "-"

    parts = ", ".join(f"{part.replace('_', ' ')} {number(f'start_{part}_s')}" for part in _START)
    lines = [
        f"{'ms a frame':28}{'median':>9}{'p95':>9}",
        *(
            f"{line:28}{number(f'{name}_ms'):>9}{number(f'{name}_ms_p95'):>9}"
            for name, line in STAGES.items()
            if line
        ),
        f"{figures['model']}, {figures['runtime']}, threads: {figures['threads']}",
        f"{number('frames_per_s', 1)} frames a second",
        f"from picture to verdict: {number('loop_over_inference')} times the model alone",
        f"first judged frame after {number('start_s')} s: {parts}",
        f"on the screen {number('count_delay_ms', 1)} ms after the picture, less the model's time",
        f"memory {number('rss_mb', 0)} MB",
        f"an empty room takes {number('idle_share', 3)} of one core",
        f"with the screen black it takes {number('asleep_share', 3)}",
    ]
    if figures["temperature_c"] is not None:
        lines.append(f"processor {number('temperature_c', 0)} °C, {number('clock_mhz', 0)} MHz")
    if figures["throttled_since_boot"] is not None:
        now, ever = figures["throttled_now"], figures["throttled_since_boot"]
        how = "now" if now else "since boot, not now" if ever else "never since boot"
        lines.append(f"slowed down by heat or supply: {how}")
    over = [
        f"{name} {number(name)} (limit {limit:.3g})"
        for name, limit in LIMITS.items()
        if isinstance(value := figures.get(name), float | int) and value > limit
    ]
    lines.append(f"over its limit: {', '.join(over)}" if over else "all within their limits")
    return "\n".join(lines)
