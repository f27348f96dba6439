"""Asks of the real picamera2 what the tests ask of its fake. See real_picamera2.sh."""

import sys
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path

import av
import numpy as np
import picamera2
from contract import CAMERA_CHECKS
from picamera2_contract import CHECKS

from kiosk.errors import CameraError
from kiosk.vision.camera.picam import PiCamera

PICTURES = 60
FILM = Path("kiosk/commands/demo/walk_up.mp4")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Real:
    """The bench of the contract: Picamera2 on the virtual camera."""

    def open(self) -> picamera2.Picamera2:
        return picamera2.Picamera2()

    def wedge(self, camera: picamera2.Picamera2, *, wedged: bool) -> None:
        if wedged:
            camera.wedge()
        else:
            camera.unwedge()


def nearest(rgb: np.ndarray, film: list[np.ndarray]) -> float:
    """How far a picture is from the nearest one of the film, by the mean of all differences."""
    return min(float(np.abs(rgb.astype(int) - other).mean()) for other in film)


say(f"picamera2 {version('picamera2')} on libcamera's virtual camera")
for check in CHECKS:
    check(Real())
    say(f"  {check.__name__}")
for check in CAMERA_CHECKS:
    check(partial(PiCamera, size=(640, 480)))
    say(f"  {check.__name__}")

# colours in their order, rows without padding, at the pace that was asked for
with av.open(str(FILM)) as file:
    film = [frame.to_ndarray(format="rgb24") for frame in list(file.decode(video=0))[100:130]]
camera = PiCamera(size=(640, 480), fps=30)
rgb = camera.read().rgbx[..., :3]
began = time.monotonic()
for _ in range(PICTURES):
    camera.read()
rate = PICTURES / (time.monotonic() - began)
right, swapped = nearest(rgb, film), nearest(rgb[..., ::-1], film)
say(f"  {rate:.1f} pictures/s; off by {right:.1f} of 255, with red and blue swapped {swapped:.1f}")
assert right < 6 < swapped, "the colours are not those of the film"
assert rate < 31, "faster than was asked for"

# a wedged one is told of within its time, and lets go
camera._camera.wedge()
try:
    camera.read()
except CameraError as error:
    say(f"  {error}")
else:
    raise AssertionError("a wedged camera gave a picture")
began = time.monotonic()
camera.close()
say(f"  closed a wedged camera in {time.monotonic() - began:.1f} s")
PiCamera().close()
