"""The thread that looks: one step of perception after the other, whatever becomes of the camera."""

import threading
import time
from collections.abc import Callable

from kiosk.app.pipeline import Pipeline
from kiosk.coaching.record import Ended
from kiosk.coaching.snapshot import Stage
from kiosk.errors import CameraError, ModelError
from kiosk.system.cooling import Cooling
from kiosk.system.memory import Tidying
from kiosk.system.rate import Rate
from kiosk.vision.pose.loader import ReconnectingEstimator

_END_S = 2.0
"""The thread has this long to come to its end."""


class PerceptionThread:
    """Steps the perception until it is closed or a film ends.

    Args:
        perception: to be stepped.
        estimator: whose model is sought in this thread while it is missing.
        blind: whether it is known why nothing is seen; not so while a camera is being opened.

    Attributes:
        looks: grows with every pose, and with every wait for one given up.
        ended: a film has come to its end.
        crash: what ended the thread; to be raised in the main one.
        rate: of the poses, by `time.monotonic`.
        easing: holds it back while the processor is hot.
    """

    def __init__(
        self, perception: Pipeline, estimator: ReconnectingEstimator, blind: Callable[[], bool]
    ) -> None:
        self.looks = 0
        self.ended = False
        self.crash: BaseException | None = None
        self.rate = Rate()
        self._stop = threading.Event()
        self.easing = Cooling(self._stop.wait)
        self._tidying = Tidying()
        self._perception = perception
        self._estimator = estimator
        self._blind = blind
        self._thread = threading.Thread(target=self._run, name="perception", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> None:
        """Asks for the end, which comes with the next pose or wait."""
        self._stop.set()

    def close(self) -> None:
        """Waits for the end, and closes an open set with every counted rep."""
        self.stop()
        if self._thread.is_alive():
            self._thread.join(timeout=_END_S)
        self._perception.finish(Ended.INTERRUPTED)

    def _run(self) -> None:
        lost = False
        try:
            while not self._stop.is_set():
                self.looks += 1
                self._estimator.look(time.monotonic())
                try:
                    goes_on = self._perception.step()
                except (CameraError, ModelError):
                    # who raised it reports it, and seeks what is missing
                    lost = lost or self._interrupt()
                    continue
                if not goes_on:
                    self._perception.finish(Ended.SOURCE_ENDED)
                    self.ended = True
                    return
                lost = False
                took_ms = 1000 * self._perception.poses.invoke_s
                self.rate.note(time.monotonic(), took_ms=took_ms)
                snapshot = self._perception.snapshot
                self._tidying.note(empty=snapshot is not None and snapshot.stage is Stage.WAITING)
                self.easing.rest()
        except BaseException as error:  # noqa: BLE001 - it is raised again, in the main thread
            self.crash = error

    def _interrupt(self) -> bool:
        """Ends a set that nobody sees any more; False while a camera is still being opened."""
        if self._perception.snapshot is None and not self._blind():
            return False
        self._perception.finish(Ended.INTERRUPTED)
        return True
