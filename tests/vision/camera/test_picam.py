import sys
import threading
from functools import partial

import numpy as np
import pytest
from contract import CAMERA_CHECKS, Factory
from fake_picamera2 import Picamera2, Sensor, module_for, picture
from picamera2_contract import CHECKS, Bench

from kiosk.errors import CameraError, KioskError, SourceError
from kiosk.system.worker import Worker
from kiosk.vision.camera import picam
from kiosk.vision.camera.picam import PiCamera

SHORT_S = 0.02
PATIENCE_S = 30.0


@pytest.fixture
def sensor(monkeypatch: pytest.MonkeyPatch) -> Sensor:
    sensor = Sensor()
    monkeypatch.setitem(sys.modules, "picamera2", module_for(sensor))
    return sensor


@pytest.mark.parametrize("check", CAMERA_CHECKS)
@pytest.mark.usefixtures("sensor")
def test_contract(check: "partial[None]") -> None:
    factory: Factory = partial(PiCamera, size=(70, 40))
    check(factory)


class Fake:
    """The bench of the contract: the fake, and the sensor at its end."""

    def __init__(self, sensor: Sensor) -> None:
        self.sensor = sensor

    def open(self) -> Picamera2:
        return sys.modules["picamera2"].Picamera2()

    def wedge(self, camera: Picamera2, *, wedged: bool) -> None:
        self.sensor.wedged = wedged


@pytest.mark.parametrize("check", CHECKS)
def test_the_fake_is_as_picamera2_is(
    sensor: Sensor, check: "partial[None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("picamera2_contract.SHORT_S", SHORT_S)
    bench: Bench = Fake(sensor)
    check(bench)
    assert sensor.held == 0
    assert sensor.stopped_cleanly


@pytest.mark.parametrize("width", [64, 70])
def test_rows_are_free_of_padding(sensor: Sensor, width: int) -> None:
    camera = PiCamera(size=(width, 40))
    frame = camera.read()
    assert sensor.config["main"]["stride"] % 64 == 0
    assert np.array_equal(frame.rgbx, picture(1, width, 40))


def test_what_is_asked_of_the_camera(sensor: Sensor) -> None:
    camera = PiCamera(size=(640, 480), fps=25)
    assert sensor.config["main"]["format"] == "XBGR8888"
    assert sensor.config["raw"] == {"size": (2304, 1296)}
    assert sensor.config["queue"] is False
    assert sensor.config["controls"] == {"FrameDurationLimits": (40000, 40000)}
    assert camera.name == "Pi camera (imx708)"


def test_a_camera_without_a_pixel_array_is_left_its_own_mode(sensor: Sensor) -> None:
    sensor.properties = {}
    assert PiCamera().name == "Pi camera (unknown)"
    assert sensor.config["raw"] == {}


def test_every_request_is_given_back(sensor: Sensor) -> None:
    camera = PiCamera(size=(64, 48))
    for _ in range(20):
        camera.read()
    assert sensor.held == 0


def test_a_wedged_camera_is_named_and_works_again_when_it_recovers(
    sensor: Sensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picam, "FRAME_TIMEOUT_S", SHORT_S)
    camera = PiCamera(size=(64, 48))
    camera.read()
    sensor.wedged = True
    with pytest.raises(CameraError, match=r"imx708.* no frame for 0\.02 s; .*cable"):
        camera.read()
    sensor.wedged = False
    assert camera.read().rgbx[0, 0, 2] == 2, "an abandoned request took the next frame"
    assert sensor.held == 0
    sensor.wedged = True
    camera.close()
    assert sensor.stopped_cleanly


def test_a_lost_camera_is_named(sensor: Sensor) -> None:
    camera = PiCamera()
    sensor.lost = "device disconnected"
    with pytest.raises(CameraError, match=r"imx708.* lost: device disconnected; .*cable"):
        camera.read()


def test_a_clock_that_stands_still_gives_no_frame_twice(
    sensor: Sensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picam, "FRAME_TIMEOUT_S", SHORT_S)
    camera = PiCamera(size=(64, 48))
    camera.read()
    sensor.frozen = True
    with pytest.raises(CameraError, match="clock stands still"):
        camera.read()
    assert sensor.held == 0


def test_closing_wakes_a_waiting_reader(sensor: Sensor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picam, "FRAME_TIMEOUT_S", 60)
    camera = PiCamera()
    sensor.wedged = True
    sensor.waiting.clear()
    faults: list[CameraError] = []

    def read() -> None:
        try:
            camera.read()
        except CameraError as fault:
            faults.append(fault)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    assert sensor.waiting.wait(10)
    camera.close()
    reader.join(10)
    assert [str(fault) for fault in faults] == ["Pi camera (imx708) was closed"]
    assert sensor.stopped_cleanly


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ({"plugged": False}, CameraError, "no Pi camera can be opened"),
        ({"start_fault": "Device or resource busy"}, CameraError, "resource busy"),
        ({"format": "MJPEG"}, CameraError, "usb:0"),
    ],
)
def test_a_camera_that_does_not_start(
    sensor: Sensor, fault: dict[str, object], error: type[KioskError], words: str
) -> None:
    for name, value in fault.items():
        setattr(sensor, name, value)
    with pytest.raises(error, match=words) as raised:
        PiCamera()
    assert "rpicam-hello" in str(raised.value)
    assert sensor.stopped_cleanly == sensor.plugged


def test_off_a_pi_it_says_what_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(SourceError, match=r"--source FILE.*--source usb:0"):
        PiCamera()


def test_a_camera_that_never_closes_costs_a_thread_and_not_the_kiosk(
    sensor: Sensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing, let_go = threading.Event(), threading.Event()
    waits: list[float] = []
    join = Worker.join

    def hang(_: Picamera2) -> None:
        closing.set()
        assert let_go.wait(PATIENCE_S)

    def note(worker: Worker, timeout_s: float) -> None:
        waits.append(timeout_s)
        assert closing.wait(PATIENCE_S)
        join(worker, SHORT_S)

    monkeypatch.setattr(Picamera2, "close", hang)
    monkeypatch.setattr(Worker, "join", note)
    camera = PiCamera()
    camera.close()
    assert waits == [picam.CLOSE_TIMEOUT_S]
    assert picam.CLOSE_TIMEOUT_S <= 2.0
    with pytest.raises(CameraError, match="was closed"):
        camera.read()
    let_go.set()
