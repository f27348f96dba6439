import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Self

import av
import numpy as np
import pytest
from contract import CAMERA_CHECKS, Factory

from kiosk.errors import CameraError
from kiosk.vision.camera import usb
from kiosk.vision.camera.usb import UsbCamera

SHORT_S = 0.05
MICROSECOND = Fraction(1, 1_000_000)


def picture(number: int, time_us: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number % 256, np.uint8), "rgb24")
    frame.pts, frame.time_base = time_us, MICROSECOND
    return frame


class FakePacket:
    def __init__(self, *pictures: av.VideoFrame, fault: Exception | None = None) -> None:
        self._pictures = pictures
        self._fault = fault

    def decode(self) -> list[av.VideoFrame]:
        if self._fault:
            raise self._fault
        return list(self._pictures)


class FakeDevice:
    """Stands in for av.open and the container it gives; waits in the kernel as V4L2 does."""

    def __init__(self) -> None:
        self.script: list[FakePacket | Exception] | None = None
        self.wedged = threading.Event()
        self.unwedge = threading.Event()
        self.opened_with: dict[str, Any] = {}
        self.open_fault: Exception | None = None
        self.closed = threading.Event()
        self.wedges = False

    def open(self, device: str, **options: Any) -> Self:
        self.opened_with = {"device": device, **options}
        if self.open_fault:
            raise self.open_fault
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()

    def demux(self, *, video: int) -> Iterator[FakePacket]:
        for step in self.endless() if self.script is None else self.script:
            if isinstance(step, Exception):
                raise step
            yield step
        if self.wedges:
            self.wedged.set()
            self.unwedge.wait()

    def endless(self) -> Iterator[FakePacket]:
        start_us = time.monotonic_ns() // 1000
        number = 0
        while True:
            number += 1
            yield FakePacket(picture(number, start_us + number))


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDevice]:
    device = FakeDevice()
    monkeypatch.setattr(usb.av, "open", device.open)
    yield device
    device.unwedge.set()


@pytest.fixture
def node(tmp_path: Path) -> str:
    path = tmp_path / "video0"
    path.touch()
    return str(path)


@pytest.mark.parametrize("check", CAMERA_CHECKS)
@pytest.mark.usefixtures("device")
def test_contract(node: str, check: "partial[None]") -> None:
    factory: Factory = partial(UsbCamera, node)
    check(factory)


def test_what_is_asked_of_the_camera(device: FakeDevice, node: str) -> None:
    camera = UsbCamera(node, size=(320, 240), fps=25)
    camera.close()
    assert device.opened_with == {
        "device": node,
        "format": "v4l2",
        "options": {"video_size": "320x240", "framerate": "25"},
    }
    assert device.closed.is_set()


def test_the_newest_frame_wins_and_each_is_given_once(
    device: FakeDevice, node: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usb, "FRAME_TIMEOUT_S", SHORT_S)
    device.script = [FakePacket(picture(number, number * 1000)) for number in range(1, 6)]
    device.wedges = True
    camera = UsbCamera(node)
    assert device.wedged.wait(10)
    frame = camera.read()
    assert (frame.time_s, frame.rgbx[0, 0, 0]) == (0.005, 5)
    with pytest.raises(CameraError, match=r"video0: no frame for 0\.05 s; "):
        camera.read()


def test_a_wedged_camera_can_be_closed(
    device: FakeDevice, node: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usb, "FRAME_TIMEOUT_S", SHORT_S)
    device.script = [FakePacket(picture(1, 1000))]
    device.wedges = True
    camera = UsbCamera(node)
    assert device.wedged.wait(10)
    camera.close()
    with pytest.raises(CameraError, match="closed"):
        camera.read()
    assert camera.alive  # it costs the thread, which lets go of the device once it comes back
    assert not device.closed.is_set()
    device.unwedge.set()
    assert device.closed.wait(10)


def test_closing_waits_no_longer_than_for_one_frame(
    device: FakeDevice, node: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = UsbCamera(node)
    waits: list[float] = []
    monkeypatch.setattr(camera, "join", waits.append)
    camera.close()
    assert waits == [usb.FRAME_TIMEOUT_S]
    assert usb.FRAME_TIMEOUT_S <= 2.0


def test_an_error_of_no_known_kind_is_a_lost_camera_too(device: FakeDevice, node: str) -> None:
    device.script = [FakePacket(picture(1, 1000)), TypeError("no codec context")]
    camera = UsbCamera(node)
    assert device.closed.wait(10)
    camera.read()
    with pytest.raises(CameraError, match="video0: no codec context; plug it in"):
        camera.read()


def test_closing_wakes_a_waiting_reader(
    device: FakeDevice, node: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usb, "FRAME_TIMEOUT_S", 60)
    device.script = [FakePacket(picture(1, 1000))]
    device.wedges = True
    camera = UsbCamera(node)
    camera.read()
    faults: list[CameraError] = []
    about_to_wait = threading.Event()

    def read() -> None:
        about_to_wait.set()
        try:
            camera.read()
        except CameraError as fault:
            faults.append(fault)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    assert about_to_wait.wait(10)
    closer = threading.Thread(target=camera.close, daemon=True)
    closer.start()
    reader.join(10)
    assert [str(fault) for fault in faults] == [f"USB camera {node} was closed"]
    device.unwedge.set()
    closer.join(10)


def test_a_camera_that_never_gives_a_frame_is_refused(
    device: FakeDevice, node: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usb, "FRAME_TIMEOUT_S", SHORT_S)
    monkeypatch.setattr(usb, "OPEN_TIMEOUT_S", SHORT_S)
    device.script = []
    device.wedges = True
    with pytest.raises(CameraError, match="no frame for"):
        UsbCamera(node)


def test_frames_out_of_time_and_bad_pictures_are_left_out(
    device: FakeDevice, node: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usb, "FRAME_TIMEOUT_S", SHORT_S)
    damage = av.InvalidDataError(1094995529, "Invalid data")
    device.script = [
        FakePacket(fault=damage),
        FakePacket(picture(1, 2000)),
        FakePacket(picture(2, 2000)),
        FakePacket(picture(3, 1000)),
    ]
    device.wedges = True
    camera = UsbCamera(node)
    assert device.wedged.wait(10)
    frame = camera.read()
    assert (frame.time_s, frame.rgbx[0, 0, 0]) == (0.002, 1)


@pytest.mark.parametrize(
    ("step", "words"),
    [([], "it stopped"), ([av.OSError(19, "No such device")], "No such device")],
)
def test_a_lost_camera_is_named(
    device: FakeDevice, node: str, step: list[Exception], words: str
) -> None:
    device.script = [FakePacket(picture(1, 1000)), *step]
    camera = UsbCamera(node)
    assert device.closed.wait(10)
    assert camera.read().time_s == 0.001
    with pytest.raises(CameraError, match=rf"video0: {words}; plug it in"):
        camera.read()


def test_a_camera_in_use_is_named(device: FakeDevice, node: str) -> None:
    device.open_fault = av.OSError(16, "Device or resource busy")
    with pytest.raises(CameraError, match=r"video0: Device or resource busy; .*group video"):
        UsbCamera(node)


def test_a_file_that_is_no_camera_is_named(node: str) -> None:
    with pytest.raises(CameraError, match=r"video0: .*; plug it in"):
        UsbCamera(node)


def test_an_absent_camera_is_named() -> None:
    with pytest.raises(CameraError, match=r"^/dev/video97: no such camera; plug it in"):
        UsbCamera("/dev/video97")
