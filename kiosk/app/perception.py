"""The perception thread. Keeps running when the camera or the model is lost."""

import ctypes
import time
from collections.abc import Callable

from kiosk.app.pipeline import Pipeline
from kiosk.coaching.record import Ended
from kiosk.coaching.snapshot import Stage
from kiosk.errors import CameraError, ModelError
from kiosk.system.cooling import Cooling
from kiosk.system.rate import Rate
from kiosk.system.retry import Reconnecting
from kiosk.system.worker import Worker
from kiosk.vision.pose.source import Estimator

Model = Reconnecting[tuple[Estimator, str]]
"""The pose model and its name, loaded as soon as it can be."""


class PerceptionThread(Worker):
    """Steps the pipeline until it is closed or a film ends.

    Args:
        pipeline: to be stepped.
        model: loaded again in this thread while it is missing.
        blind: whether it is known why nothing is seen; not so while a camera is being opened.

    Attributes:
        heartbeats: grows with every pose, and with every wait for one given up.
        ended: a film has come to its end.
        rate: of the poses, by `time.monotonic`.
        cooling: slows the steps down while the processor is hot.
    """

    def __init__(self, pipeline: Pipeline, model: Model, blind: Callable[[], bool]) -> None:
        super().__init__("perception")
        self.heartbeats = 0
        self.ended = False
        self.rate = Rate()
        self.cooling = Cooling(self.wait)
        self._pipeline = pipeline
        self._model = model
        self._blind = blind
        self._trimmer = MemoryTrimmer()

    def run(self) -> None:
        """Takes one step after another; a set that nobody sees any more is closed."""
        lost = False
        while not self.stopping:
            self.heartbeats += 1
            self._model.retry(time.monotonic())
            try:
                goes_on = self._pipeline.step()
            except (CameraError, ModelError):
                # whoever raised it reports it, and reopens what is missing
                lost = lost or self._interrupt()
                continue
            if not goes_on:
                self._pipeline.finish(Ended.SOURCE_ENDED)
                self.ended = True
                return
            lost = False
            took_ms = 1000 * self._pipeline.poses.invoke_s
            self.rate.record(time.monotonic(), took_ms=took_ms)
            snapshot = self._pipeline.snapshot
            self._trimmer.update(empty=snapshot is not None and snapshot.stage is Stage.WAITING)
            self.cooling.limit_rate()

    def close(self) -> None:
        """Waits for the end, and closes an open set with every counted rep."""
        super().close()
        self._pipeline.finish(Ended.INTERRUPTED)

    def _interrupt(self) -> bool:
        """Ends a set that nobody sees any more; False while a camera is still being opened."""
        if self._pipeline.snapshot is None and not self._blind():
            return False
        self._pipeline.finish(Ended.INTERRUPTED)
        return True


class MemoryTrimmer:
    """Gives memory back to the system each time that somebody has left.

    What a set frees stays with the C library, in pieces between what is still in use, and every day
    of use leaves a few pieces more: `tests/platform/soak_hours.py --seed 7` grew by 1.1 % after its
    warm-up, with no more in use at its end. Asked for it, the library gives back every free page;
    since then the same soak shrinks by .3 %.
    """

    def __init__(self, trim: Callable[[], None] | None = None) -> None:
        self._trim = trim or trim_memory
        self._used = True

    def update(self, *, empty: bool) -> None:
        """Takes, in every round, whether nobody is there."""
        if empty and self._used:
            self._trim()
        self._used = not empty


def trim_memory() -> None:
    """Returns free pages to the system; does nothing where the C library is not glibc."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
