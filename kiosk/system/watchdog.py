"""Reports to systemd: ready, status, end, and a watchdog ping while every thread makes progress."""

import logging
import math
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

FRAME_S = 5.0
"""A camera without a frame for 1 s counts itself as lost, and closes within 2 s."""
ATTEMPT_S = 15.0
"""Between attempts lie 8 s at most; a USB camera has 5 s to open and 1 s to close."""
POSE_S = 5.0
"""A wait for a frame ends after 1 s, and the slowest model on a hot Pi has a pose in less."""
PING_S = 1.0
"""At most so often, where the unit's WatchdogSec leaves as much time."""
LATE_S = 0.05
"""A ping is due this much sooner: the next chance comes with the next picture."""
GRACE_S = 5.0
"""Stale for so long, the mirror triggers the watchdog, which was pinged until then and would wait
for another WatchdogSec: a part that hangs is away no longer than a program that hangs."""

_log = logging.getLogger(__name__)


def ping_s() -> float:
    """Returns the seconds between two pings: half of what systemd waits for, as it advises.

    systemd tells the time in WATCHDOG_USEC; one that is meant for another process has its
    WATCHDOG_PID. Whatever is no positive number asks for nothing.
    """
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return PING_S
    usec = os.environ.get("WATCHDOG_USEC", "")
    if not (usec.isascii() and usec.isdecimal() and len(usec) < 20) or int(usec) == 0:
        return PING_S
    return min(PING_S, int(usec) / 2e6)


def notify(*lines: str) -> None:
    """Sends lines to systemd by sd_notify(3), if it listens. Never fails and never waits.

    Args:
        lines: assignments such as "READY=1", each without a line break.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return  # nobody listens, or at a kind of address that systemd gives to virtual machines
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            sender.setblocking(False)
            # an at sign stands for the zero byte of an address outside the file system
            sender.connect(address.replace("@", "\0", 1) if address[0] == "@" else address)
            sender.send("\n".join(lines).encode())
    except (OSError, ValueError):  # ValueError: a zero byte in the address
        pass


@dataclass(frozen=True, slots=True)
class Heartbeats:
    """Counts that go on while the threads live. It matters only that a count changes.

    Attributes:
        camera: frames given, attempts to open begun, attempts and cameras lost.
        gives_frames: the camera is open and has given a frame.
        perception: poses found, and waits for a frame given up.
        ended: a film has come to its end.
    """

    camera: int
    gives_frames: bool
    perception: int
    ended: bool = False


class Watchdog:
    """Pings systemd's watchdog while every thread makes progress; triggers it when one hangs.

    The main loop asks after each picture it has drawn, so that a picture that is not drawn pings
    nobody. Case by case:

    - The camera gives frames and the model finds poses: fresh.
    - The camera's thread gives no frame and no error, in a driver that never returns: stale. It
      could not even close the camera, so nothing but a new process helps.
    - The camera is absent, or was lost, and is reopened: fresh for as long as attempts begin and
      fail. The screen shows what is wrong, and a restart would find no camera either: pinged for
      frames alone, a mirror without a camera would restart for ever and then give up.
    - An attempt to open the camera never comes back, at the start or later: stale.
    - The model, or anything else between frame and verdict, hangs: stale. The camera still gives
      frames; nobody takes them.
    - There is no frame, so there is no pose: the camera's matter, as above. The perception thread
      gives up its wait for a frame every second, which counts as a heartbeat; so a lost camera does
      not hide a thread that hangs.
    - The model is slow, because the processor is hot: fresh down to one pose in `POSE_S`.
    - There is no display: fresh. The picture is drawn for nobody until one is plugged in, and a
      restart would find none either.
    - There is no model: fresh, as long as frames are taken and loading is tried again.
    - A film is over, and both threads with it: fresh, until the program ends.
    - Drawing, a button, the display or the disk holds the main loop: nobody asks, nobody pings.
    - A thread ends by an error: the main loop raises it, and the program ends.
    - The clock is monotonic, so it may be set as one likes. A machine that was suspended wakes up
      fresh: that clock stood still as well.

    Its clock is in monotonic seconds. `send` takes the lines for systemd.
    """

    def __init__(self, send: Callable[..., None] = notify) -> None:
        self._send = send
        self._changed: dict[str, tuple[int, float]] = {}
        self._pinged_s: float | None = None
        self._stale_s: float | None = None
        self._status: str | None = None
        self._every_s = ping_s() - LATE_S
        self._handed_over = False

    def update(self, now_s: float, heartbeats: Heartbeats, fault: str | None) -> None:
        """Takes the heartbeats after every picture. The first call makes the service ready.

        `fault` is what keeps the camera from giving frames, which the screen shows.
        """
        if self._status is None:
            self._send("READY=1")
        stale = self.stale(now_s, heartbeats)
        self._report(f"the {stale} hangs" if stale else fault or "running", warn=bool(stale))
        if stale is not None:
            self._stale_s = now_s if self._stale_s is None else self._stale_s
            if now_s - self._stale_s >= GRACE_S:
                self._send("WATCHDOG=trigger")
                self._stale_s = math.inf  # once is enough
            return
        self._stale_s = None
        if self._pinged_s is None or now_s - self._pinged_s >= self._every_s:
            self._send("WATCHDOG=1")
            self._pinged_s = now_s

    def stale(self, now_s: float, heartbeats: Heartbeats) -> str | None:
        """Finds what has gone stale: "camera" or "pose"; None while all is fresh."""
        camera_s = self._age_s("camera", now_s, heartbeats.camera)
        perception_s = self._age_s("perception", now_s, heartbeats.perception)
        if heartbeats.ended:
            return None
        if camera_s > (FRAME_S if heartbeats.gives_frames else ATTEMPT_S):
            return "camera"
        return "pose" if perception_s > POSE_S else None

    def hand_over(self) -> None:
        """Leaves the whole of the unit's time to another watchdog of the same process.

        The end that follows is none of the service's, which systemd would wait for and enforce.
        """
        self._send("WATCHDOG=1")
        self._handed_over = True

    def close(self) -> None:
        """Reports that the end has begun."""
        if not self._handed_over:
            self._send("STOPPING=1")

    def _report(self, text: str, *, warn: bool) -> None:
        if text == self._status:
            return
        self._status = text
        self._send(f"STATUS={' '.join(text.split())}")  # shown by `systemctl status`, in one line
        if warn:
            _log.warning("%s; the watchdog is pinged no more", text)

    def _age_s(self, name: str, now_s: float, count: int) -> float:
        """Measures how long a count has stood still."""
        if name not in self._changed or self._changed[name][0] != count:
            self._changed[name] = count, now_s
        return now_s - self._changed[name][1]
