"""A small picamera2: what the kiosk uses of 0.3.38, with its padding, its waiting and its traps."""

import threading
import time
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

PERIOD_NS = 33_333_333


@dataclass
class Sensor:
    """What is at the end of the cable, and what has become of it.

    Attributes:
        plugged: whether libcamera finds a camera at all.
        start_fault: the message of a start that fails.
        lost: raised by the next capture, as after a pulled cable.
        wedged: it delivers no frames any more, and reports nothing.
        frozen: its time stands still.
        held: requests given out and not yet given back.
        stopped_cleanly: whether the camera was stopped and let go.
    """

    plugged: bool = True
    start_fault: str | None = None
    format: str | None = None
    row_alignment: int = 64
    lost: str | None = None
    wedged: bool = False
    frozen: bool = False
    properties: dict[str, Any] = field(
        default_factory=lambda: {"Model": "imx708", "PixelArraySize": (4608, 2592)}
    )
    taken_ns: int = field(default_factory=time.monotonic_ns)
    frames: int = 0
    held: int = 0
    waiting: threading.Event = field(default_factory=threading.Event)
    stopped_cleanly: bool = False
    config: dict[str, Any] = field(default_factory=dict)


def picture(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """What the sensor sees: red gives the row, green the column, blue the frame."""
    rgbx = np.full((height, width, 4), 255, np.uint8)
    rgbx[..., 0] = np.arange(height)[:, None] % 256
    rgbx[..., 1] = np.arange(width) % 256
    rgbx[..., 2] = number % 256
    return rgbx


class Request:
    def __init__(self, camera: "Picamera2", number: int, taken_ns: int) -> None:
        self._camera = camera
        self._taken_ns = taken_ns
        self._released = False
        main = camera.sensor.config["main"]
        width, height = main["size"]
        rows = np.full((height, main["stride"]), 0xEE, np.uint8)
        rows[:, : width * 4] = picture(number, width, height).reshape(height, width * 4)
        self._buffer = rows.reshape(-1)
        camera.sensor.held += 1

    def get_metadata(self) -> dict[str, Any]:
        return {"SensorTimestamp": self._taken_ns}

    def make_array(self, name: str) -> NDArray[np.uint8]:
        main = self._camera.sensor.config[name]
        width, height = main["size"]
        rows = self._buffer.reshape(height, main["stride"])[:, : width * 4]
        return rows.copy().reshape(height, width, 4)

    def release(self) -> None:
        if self._released:
            raise RuntimeError("CompletedRequest: lock now has negative ref_count")
        self._released = True
        self._camera.sensor.held -= 1
        self._buffer[:] = 0  # the camera fills it with the next frame


class Picamera2:
    sensor: Sensor

    def __init__(self) -> None:
        if not self.sensor.plugged:
            raise RuntimeError("No camera number 0 found")
        self.camera_properties = self.sensor.properties
        self._lock = threading.Lock()
        self._jobs: list[Future[Request]] = []
        self._started = False

    def create_video_configuration(
        self,
        main: dict[str, Any],
        raw: dict[str, Any],
        buffer_count: int,
        queue: bool,
        controls: dict[str, Any],
    ) -> dict[str, Any]:
        width, height = main["size"]
        return {
            "main": {**main, "size": (width - width % 2, height - height % 2)},
            "raw": dict(raw),
            "buffer_count": buffer_count,
            "queue": queue,
            "controls": controls,
        }

    def configure(self, config: dict[str, Any]) -> None:
        main = config["main"]
        width = main["size"][0]
        alignment = self.sensor.row_alignment
        main["stride"] = -(-width * 4 // alignment) * alignment
        main["format"] = self.sensor.format or main["format"]
        self.sensor.config = config

    def stream_configuration(self, name: str) -> dict[str, Any]:
        return self.sensor.config[name]

    def start(self) -> None:
        if self.sensor.start_fault:
            raise RuntimeError(self.sensor.start_fault)
        self._started = True

    def capture_request(self, wait: float) -> Request:
        job: Future[Request] = Future()
        with self._lock:
            self._jobs.append(job)
            self._serve()
        self.sensor.waiting.set()
        return job.result(timeout=wait or None)

    def cancel_all_and_flush(self) -> None:
        with self._lock:
            for job in self._jobs:
                job.set_exception(CancelledError())
            self._jobs.clear()

    def close(self) -> None:
        with self._lock:
            if self._jobs:
                raise AssertionError("the job that stops the camera would wait for ever")
            self._started = False
        self.sensor.stopped_cleanly = True

    def _serve(self) -> None:
        """The event loop: jobs are done in turn, each by a frame."""
        sensor = self.sensor
        while self._jobs and self._started:
            if sensor.lost:
                self._jobs.pop(0).set_exception(RuntimeError(sensor.lost))
                continue
            if sensor.wedged or sensor.held == sensor.config["buffer_count"]:
                return
            sensor.frames += 1
            sensor.taken_ns += 0 if sensor.frozen else PERIOD_NS
            self._jobs.pop(0).set_result(Request(self, sensor.frames, sensor.taken_ns))


def module_for(sensor: Sensor) -> ModuleType:
    """A module `picamera2` whose only camera has this sensor."""
    module = ModuleType("picamera2")
    module.Picamera2 = type("Picamera2", (Picamera2,), {"sensor": sensor})  # type: ignore[attr-defined] # as an import would set it
    return module
