"""Whether the mirror still sees and thinks: what the watchdog is fed by.

The main loop asks after each picture it has drawn, so that a picture that is not drawn feeds
nobody. The two other threads are known by counts that go on while they live. Case by case:

- The camera gives frames and the model finds poses: fresh.
- The camera's thread gives no frame and no error, in a driver that never returns: stale. It could
  not even close the camera, so nothing but a new process helps.
- The camera is absent, or was lost, and is looked for again: fresh for as long as attempts begin
  and fail. The screen says what is wrong, and a restart would find no camera either: fed by frames
  alone, a mirror without a camera would restart for ever and then give up.
- An attempt to open the camera never comes back, at the start or later: stale.
- The model, or anything else between frame and verdict, hangs: stale. The camera still gives
  frames; nobody takes them.
- There is no frame, so there is no pose: the camera's matter, as above. The looking thread gives
  up its wait for a frame every second, which counts as a look; so a lost camera does not hide a
  thread that hangs.
- The model is slow, because the processor is hot: fresh down to one pose in `LOOK_S`.
- There is no display: fresh. The picture is drawn for nobody until one is plugged in, and a restart
  would find none either.
- There is no model: fresh, as long as frames are taken and it is looked for.
- A film is over, and both threads with it: fresh, until the program ends.
- Drawing, a button, the display or the disk holds the main loop: nobody asks, nobody feeds.
- A thread ends by an error: the main loop raises it, and the program ends.
- The clock is monotonic, so it may be set as one likes. A machine that was suspended wakes up
  fresh: that clock stood still as well.
"""

from dataclasses import dataclass

FRAME_S = 5.0
"""A camera without a frame for 1 s counts itself as lost, and closes within 2 s."""
ATTEMPT_S = 15.0
"""Between attempts lie 8 s at most; a USB camera has 5 s to open and 1 s to close."""
LOOK_S = 5.0
"""A wait for a frame ends after 1 s, and the slowest model on a hot Pi has a pose in less."""


@dataclass(frozen=True, slots=True)
class Heartbeats:
    """Signs of life so far. Of a count it matters only that it changes.

    Attributes:
        camera: frames given, attempts to open begun, attempts and cameras lost.
        gives_frames: the camera is open and has given a frame.
        looks: poses found, and waits for a frame given up.
        over: a film has come to its end.
    """

    camera: int
    gives_frames: bool
    looks: int
    over: bool = False


class Liveness:
    """Remembers when each sign last changed. Asked from one thread."""

    def __init__(self) -> None:
        self._camera = _Since()
        self._looks = _Since()

    def stale(self, now_s: float, signs: Heartbeats) -> str | None:
        """What has gone stale: "camera" or "pose"; None while all is fresh.

        Args:
            now_s: monotonic seconds.
            signs: as they are now.
        """
        camera_s = self._camera.age_s(now_s, signs.camera)
        looks_s = self._looks.age_s(now_s, signs.looks)
        if signs.over:
            return None
        if camera_s > (FRAME_S if signs.gives_frames else ATTEMPT_S):
            return "camera"
        return "pose" if looks_s > LOOK_S else None


class _Since:
    """How long a count has stood still."""

    def __init__(self) -> None:
        self._last: tuple[int, float] | None = None

    def age_s(self, now_s: float, count: int) -> float:
        if self._last is None or self._last[0] != count:
            self._last = count, now_s
        return now_s - self._last[1]
