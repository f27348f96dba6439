"""Opens the camera or film that a user names after `--source`."""

import re
from pathlib import Path

from kiosk.errors import SourceError
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import FrameSource
from kiosk.vision.camera.picam import PiCamera
from kiosk.vision.camera.present import cameras_present
from kiosk.vision.camera.turned import TurnedSource
from kiosk.vision.camera.usb import UsbCamera

PI = "pi"
_PI = re.compile(r"pi(?::(\d+))?", re.ASCII)
_USB = re.compile(r"usb:(\d+)", re.ASCII)
_DEV = "/dev/"


def is_live(text: str) -> bool:
    """Returns whether the text names a camera, and no film."""
    return text == PI or text.startswith(("pi:", "usb:", _DEV))


def open_source(
    text: str, *, size: tuple[int, int] = (640, 480), fps: float = 30.0, rotate: int = 0
) -> FrameSource:
    """Opens a camera or a film.

    Args:
        text: "pi" or "pi:N", "usb:N", a path below /dev with or without "usb:" before it, or the
            path of a video file. A link below /dev is followed anew at each opening.
        size: width and height in pixels to ask a camera for, before it is turned; a film keeps
            its own.
        fps: frames a second to ask a camera for.
        rotate: degrees clockwise by which the pictures are turned: 0, 90, 180 or 270.

    Raises:
        SourceError: a film that cannot be used, or a camera of a kind that is not here.
        CameraError: a camera that is absent, in use, or gives nothing.
    """
    source = _open(text, size, fps)
    return TurnedSource(source, rotate) if rotate else source


def _open(text: str, size: tuple[int, int], fps: float) -> FrameSource:
    if (match := _PI.fullmatch(text)) is not None:
        number = int(match[1] or 0)
        return PiCamera(size=size, fps=fps, **({"number": number} if number else {}))
    if is_live(text):
        return UsbCamera(device_of(text), size=size, fps=fps)
    if Path(text).suffix == ".npz":
        raise SourceError(f"{text}: a pose trace has no pictures; use `kiosk replay` on it")
    try:
        return Film(text)
    except SourceError as error:
        if Path(text).exists():
            raise
        raise SourceError(f"{error}, or of a camera; {cameras_present()}") from error


def check_source(text: str) -> None:
    """Raises for a source that no waiting mends, without opening a camera.

    Raises:
        SourceError: no such kind of camera, or a film that cannot be used.
    """
    if not is_live(text):
        open_source(text).close()
    elif _PI.fullmatch(text) is None:
        device_of(text)


def device_of(text: str) -> str:
    """Returns the path of a USB camera's device.

    Raises:
        SourceError: the text names none.
    """
    if (match := _USB.fullmatch(text)) is not None:
        return f"/dev/video{match[1]}"
    path = text.removeprefix("usb:")
    below = path.startswith(_DEV) and len(path) > len(_DEV) and ".." not in Path(path).parts
    if not below or not path.isprintable():
        raise SourceError(
            f"{text!r}: no such kind of camera; write `pi`, `usb:0` for /dev/video0, or a path "
            f"below /dev; {cameras_present()}"
        )
    return path
