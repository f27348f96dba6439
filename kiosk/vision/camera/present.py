"""Lists the cameras that are there, as a user names them in `camera.source`."""

from pathlib import Path

DEV = Path("/dev")
"""Where the kernel shows devices; a test has its own."""


def usb_cameras(dev: Path | None = None) -> list[str]:
    """Returns the names that stay with a camera wherever it is plugged in, then the numbers."""
    dev = dev or DEV
    lasting = sorted(str(path) for path in dev.glob("v4l/by-id/*"))
    numbers = sorted(int(p.name[5:]) for p in dev.glob("video*") if p.name[5:].isdecimal())
    return [*lasting, *(f"usb:{number}" for number in numbers)]


def pi_cameras() -> list[str]:
    """Returns the Raspberry Pi's own cameras; none where picamera2 is not installed."""
    try:
        from picamera2 import Picamera2  # noqa: PLC0415 - exists on a Raspberry Pi only

        count = len(Picamera2.global_camera_info())
    except (ImportError, ValueError, RuntimeError, OSError, AttributeError):
        return []
    return ["pi" if number == 0 else f"pi:{number}" for number in range(count)]


def cameras_present() -> str:
    """Formats the list for a message."""
    return f"cameras here: {', '.join([*pi_cameras(), *usb_cameras()]) or 'none'}"
