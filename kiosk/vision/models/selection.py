"""Selects the most accurate model that keeps up with the exercise on this machine.

Models are timed once: the figures are kept in the cache folder under the model's sum, the runtime,
the processor and the threads, so that a change of any of them is timed anew.
"""

import contextlib
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from kiosk.system.files import cache_folder, write_whole
from kiosk.vision.models.download import default_variant, file_fault
from kiosk.vision.models.interpreter import Interpreter, default_threads, load_runtime
from kiosk.vision.models.manifest import ModelSpec, load_manifest, weights_folder

AUTO = "auto"
"""In place of a variant's name: the kiosk selects the model."""
HEADROOM = 1.5
"""A model must be this much faster than the frames come. A hot Raspberry Pi 5 runs at 1.5 GHz in
place of 2.4, a hot Pi 4 at 1.0 in place of 1.5; and drawing shares the memory with the model."""
FILE_NAME = "model_times.json"

_WARM_UP, _RUNS = 2, 12
_MOST_S = 1.5  # of one model's runs; a slow one is known by fewer
_LEAST_RUNS = 3
_MOST_KEPT = 32  # figures of former models, runtimes and processors are worth little
_CPU, _BOARD = Path("/proc/cpuinfo"), Path("/proc/device-tree/model")


@dataclass(frozen=True, slots=True)
class Choice:
    """A selected model, and what it was selected by.

    Attributes:
        variant: its name in the manifest.
        took_ms: what one picture takes each model that was timed, the most accurate first; empty
            where there was nothing to choose from.
        most_ms: what a picture may take.
        holds: whether the model keeps within it; True where none was timed.
    """

    variant: str
    took_ms: Mapping[str, float]
    most_ms: float
    holds: bool = True

    def __str__(self) -> str:
        """Formats it as "lightning_f16, 5.4 of 44 ms"."""
        if self.variant not in self.took_ms:
            return self.variant
        return f"{self.variant}, {self.took_ms[self.variant]:.1f} of {self.most_ms:.0f} ms"


def choose(fps: float, threads: int = 0, *, always: bool = False) -> Choice:
    """Selects the most accurate of the models here that hold the rate; else the fastest.

    Args:
        fps: frames a second that the exercise asks for.
        threads: 0 for all cores but one.
        always: time them now, whatever is known of them and however few they are.

    Raises:
        ModelError: there is no runtime.
    """
    manifest, folder = load_manifest(), weights_folder()
    threads = threads or default_threads()
    most_ms = 1000 / fps / HEADROOM
    here = {
        name: spec
        for name, spec in sorted(manifest.models.items(), key=lambda item: -item[1].coco_map)
        if file_fault(folder / spec.file, spec) is None
    }
    if not here or (len(here) == 1 and not always):
        return Choice(next(iter(here), default_variant()), {}, most_ms)
    _, runtime = load_runtime()
    times, timed = _read_times(), False
    took_ms: dict[str, float] = {}
    for name, spec in here.items():
        key = f"{spec.sha256[:16]} {runtime} {_processor()} {threads}"
        if always or key not in times:
            times.pop(key, None)  # the newest stand last
            times[key] = round(time_model_ms(folder / spec.file, spec, threads), 2)
            timed = True
        took_ms[name] = times[key]
    if timed:
        _keep_times(times)
    fast_enough = [name for name, ms in took_ms.items() if ms <= most_ms]
    variant = fast_enough[0] if fast_enough else min(took_ms, key=took_ms.__getitem__)
    return Choice(variant, took_ms, most_ms, bool(fast_enough))


def load_interpreter(variant: str = AUTO, threads: int = 0) -> tuple[Interpreter, str]:
    """Opens a model's interpreter; "auto" is the default model, or what stands in for it."""
    if variant == AUTO:
        variant = default_variant()
    spec = load_manifest().spec(variant)
    return Interpreter(weights_folder() / spec.file, spec, threads or None), variant


def time_model_ms(path: Path, spec: ModelSpec, threads: int) -> float:
    """Times one picture: the lower quartile, since much else begins while a mirror starts."""
    model = Interpreter(path, spec, threads)
    picture = np.zeros((spec.input_px, spec.input_px, 3), np.uint8)
    for _ in range(_WARM_UP):  # the first one also prepares the weights
        model.run(picture)
    took_s: list[float] = []
    while len(took_s) < _RUNS and (len(took_s) < _LEAST_RUNS or sum(took_s) < _MOST_S):
        began = time.perf_counter()
        model.run(picture)
        took_s.append(time.perf_counter() - began)
    return 1000 * sorted(took_s)[len(took_s) // 4]


def _processor() -> str:
    """Names the board or the processor; where the kernel reports neither, the architecture."""
    with contextlib.suppress(OSError):
        return _BOARD.read_text("utf-8", "replace").rstrip("\0\n")
    with contextlib.suppress(OSError):
        for line in _CPU.read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _read_times() -> dict[str, float]:
    """Reads what is known; nothing where it was never written or makes no sense."""
    folder = cache_folder()
    try:
        content = b"{}" if folder is None else (folder / FILE_NAME).read_bytes()
        return msgspec.json.decode(content, type=dict[str, float])
    except (OSError, msgspec.DecodeError):
        return {}


def _keep_times(times: dict[str, float]) -> None:
    """Writes the newest, where there is a place for them: else they are measured at every start."""
    newest = dict(list(times.items())[-_MOST_KEPT:])
    if (folder := cache_folder()) is not None:
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with write_whole(folder / FILE_NAME) as file:
                file.write(msgspec.json.format(msgspec.json.encode(newest)))
