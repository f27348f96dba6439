"""Opens the camera or film that a user names after `--source`."""

import re
from pathlib import Path

from kiosk.errors import SourceError
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import FrameSource
from kiosk.vision.camera.picam import PiCamera
from kiosk.vision.camera.usb import UsbCamera

PI = "pi"
_USB = re.compile(r"(?:usb:|/dev/video)(\d+)", re.ASCII)


def is_live(text: str) -> bool:
    """Returns whether the text names a camera, and no film."""
    return text == PI or text.startswith(("usb:", "/dev/"))


def open_source(text: str, *, size: tuple[int, int] = (640, 480), fps: float = 30.0) -> FrameSource:
    """Opens a camera or a film.

    Args:
        text: "pi", "usb:N", "/dev/videoN", or the path of a video file.
        size: width and height in pixels to ask a camera for; a film keeps its own.
        fps: frames a second to ask a camera for.

    Raises:
        SourceError: a film that cannot be used, or a camera of a kind that is not here.
        CameraError: a camera that is absent, in use, or gives nothing.
    """
    if text == PI:
        return PiCamera(size=size, fps=fps)
    if is_live(text):
        return UsbCamera(_device(text), size=size, fps=fps)
    if Path(text).suffix == ".npz":
        raise SourceError(f"{text}: a pose trace has no pictures; use `kiosk replay` on it")
    return Film(text)


def check_source(text: str) -> None:
    """Raises for a source that no waiting mends, without opening a camera.

    Raises:
        SourceError: no such kind of camera, or a film that cannot be used.
    """
    if not is_live(text):
        open_source(text).close()
    elif text != PI:
        _device(text)


def _device(text: str) -> str:
    match = _USB.fullmatch(text)
    if match is None:
        raise SourceError(f"{text}: no such kind of camera; write `usb:0` for /dev/video0")
    return f"/dev/video{match[1]}"
